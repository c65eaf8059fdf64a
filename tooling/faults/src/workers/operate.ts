// Does one operation on the files of a folder.
import type { Operation } from '../operations/operation.ts';
import { acknowledge } from './acknowledge.ts';

const [name = '', folder = ''] = process.argv.slice(2);
const { operation }: { operation: Operation } = await import(`../operations/${name}.ts`);
acknowledge({ kind: 'ready' });
await operation.run(folder);
acknowledge({ kind: 'done' });
