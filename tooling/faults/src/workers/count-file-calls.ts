import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const CALLS = ['open', 'lstat', 'readdir', 'rename', 'unlink', 'mkdir', 'rmdir'] as const;
const CALLS_OF_A_FILE = ['stat', 'readFile', 'writeFile', 'chmod', 'sync'] as const;

/**
 * Counts the asynchronous calls on files from now on, and kills this process just before a certain one.
 *
 * @param deadly - the number of that call, from 1
 * @returns how many there were so far
 */
export async function countFileCalls(deadly: number): Promise<() => number> {
  let count = 0;
  const countIn = (owner: object, name: string) => {
    const call: unknown = Reflect.get(owner, name);
    if (typeof call !== 'function') throw new TypeError(`there is no call ${name}`);
    Reflect.set(owner, name, function counted(this: unknown, ...parameters: unknown[]) {
      if (++count === deadly) process.kill(process.pid, 'SIGKILL');
      return Reflect.apply(call, this, parameters);
    });
  };
  const file = await fs.open('.');
  const prototype: object = Object.getPrototypeOf(file);
  await file.close();
  for (const name of CALLS) countIn(fs, name);
  for (const name of CALLS_OF_A_FILE) countIn(prototype, name);
  syncBuiltinESMExports();
  return () => count;
}
