import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { instrument, stretchAt, stretchesOf } from '../src/run/instrument.ts';

const SOURCE = `import { argv } from 'node:process';
const double = (n: number) => ({ value: n * 2 });
function never() { return 1; }
class Counter { count = 0; add(n: number) { if (n > 1) { this.count += double(n).value; } return () => () => n; } }
try { new Counter().add(argv.length); } finally { argv.pop(); }
process.kill(process.pid, 'SIGKILL');
`;

it('notes every stretch that runs, also of a process that is killed', () => {
  using folder = new TemporaryFolder();
  const [program, reached] = [folder.join('program.ts'), folder.join('reached')];
  writeFileSync(reached, Buffer.alloc(20));
  writeFileSync(program, instrument(SOURCE, 5, reached));
  expect(spawnSync(process.execPath, [program]).signal).toBe('SIGKILL');
  const bytes = readFileSync(reached);
  const stretches = stretchesOf(SOURCE);
  const ran = (text: string) => bytes[5 + stretchAt(stretches, SOURCE.indexOf(text))];
  expect(['import', 'value:', 'if (n', 'this.count', 'new Counter', 'argv.pop'].map(ran)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(['return 1', '() => n', 'n; }'].map(ran)).toEqual([0, 0, 0]);
  expect(bytes.subarray(0, 5).every((byte) => byte === 0)).toBe(true);
});

it('notes a prepared statement when it is used, not when it is prepared', () => {
  using folder = new TemporaryFolder();
  const [program, reached] = [folder.join('program.ts'), folder.join('reached')];
  const source = `class Statement { #sql: string; constructor(sql: string) { this.#sql = sql; } all() { return this.#sql; } }
const statements = { used: new Statement('SELECT a FROM t'), unused: new Statement('DELETE FROM t') };
if (statements.used.all() !== 'SELECT a FROM t') throw new Error('another statement');
`;
  writeFileSync(reached, Buffer.alloc(20));
  writeFileSync(program, instrument(source, 0, reached));
  expect(spawnSync(process.execPath, [program], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  const bytes = readFileSync(reached);
  const ran = (text: string) => bytes[stretchAt(stretchesOf(source), source.indexOf(text))];
  expect(['SELECT a', 'DELETE FROM'].map(ran)).toEqual([1, 0]);
});

it('leaves every line where it is', () => {
  expect(instrument(SOURCE, 0, '/reached').split('\n')).toHaveLength(SOURCE.split('\n').length);
});
