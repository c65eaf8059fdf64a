// Loaded before a worker: kills its process at a numbered point, or tells at the end which points there were.
import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { acknowledge } from './acknowledge.ts';

/** The number of the point at which the process dies; with 0, points are only counted. */
const diesAt = Number(process.env['CODEBUDDY_DIES_AT']) || Number.POSITIVE_INFINITY;
const points: string[] = [];
const writeSync = fs.writeSync;
let isReady = false;

function reach(point: string): void {
  // Loading modules is not part of the work.
  if (!isReady || points.push(point) < diesAt) return;
  writeSync(1, `${JSON.stringify({ kind: 'died', id: point })}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** Makes each call of some methods a point. */
function watch(owner: object, names: readonly string[], describe: (name: string, sql: unknown) => string): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== 'function') throw new Error(`There is no ${name}`);
    Reflect.set(owner, name, function (this: object, ...args: unknown[]) {
      reach(describe(name, Reflect.get(this ?? {}, 'source') ?? args[0]));
      return Reflect.apply(original, this, args);
    });
  }
}

const CHANGES = ['copyFile', 'rename', 'link', 'unlink', 'rm', 'mkdir', 'chmod', 'open', 'truncate', 'writeFile'];
watch(fs, [...CHANGES.map((name) => `${name}Sync`), 'fsyncSync', 'ftruncateSync'], (name) => name);
watch(fs.promises, CHANGES, (name) => name);
Reflect.set(fs, 'writeSync', (descriptor: number, text: string) => {
  isReady ||= text.includes('"ready"');
  return writeSync(descriptor, text);
});
syncBuiltinESMExports();

const firstWord = (sql: unknown) => /\w+/.exec(String(sql))?.[0] ?? '';
const Connection = createRequire(import.meta.url)('better-sqlite3');
watch(Connection.prototype, ['exec', 'pragma', 'backup', 'close'], (name, sql) => `${name} ${firstWord(sql)}`);
const memory = new Connection(':memory:');
watch(Object.getPrototypeOf(memory.prepare('SELECT 1')), ['run'], (name, sql) => `${name} ${firstWord(sql)}`);
memory.close();

process.once('exit', () => acknowledge({ kind: 'points', names: points }));
