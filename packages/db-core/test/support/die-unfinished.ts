// Dies while it writes a file beside its place, as a killed backup does.
import { writeFileSync } from 'node:fs';
import { UnfinishedFile } from '../../src/connection/unfinished-file.ts';

const file = new UnfinishedFile(process.argv[2] ?? '');
file.create();
writeFileSync(`${file.path}-wal`, 'half');
process.kill(process.pid, 'SIGKILL');
