// Locks a file, says whether it could, and lives until it is ended.
import { FileLock } from '../../src/internal.ts';

const lock = FileLock.tryAcquire(process.argv[2] ?? '');
process.send?.(lock !== undefined);
setInterval(() => lock, 1_000);
