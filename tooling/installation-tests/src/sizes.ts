// Measures how large the packages are and how long their import takes: `node tooling/installation-tests/src/sizes.ts`.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fillPages, recordBenchmark } from '@codebuddy/figures';
import { packAll, ROOT } from './packed-packages.ts';

const RUNS = 15;

using packed = packAll();
const rows = readdirSync(join(ROOT, 'packages')).map((name) => {
  const values = { packed: packed.sizeOf(name), import: importTime(name) };
  return [name, { label: `\`@codebuddy/${name}\``, values }];
});
const command = 'node tooling/installation-tests/src/sizes.ts';
recordBenchmark('sizes', { title: 'Packages', command, rows: Object.fromEntries(rows) });
fillPages();

/** Milliseconds, the middle of some processes, what it depends on included. */
function importTime(name: string): number {
  const script = `const start = performance.now(); await import('@codebuddy/${name}'); console.log(performance.now() - start);`;
  const args = ['--input-type=module', '--eval', script];
  const from = name === 'db-integration' ? join('tooling', 'installation-tests') : join('packages', 'db-integration');
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, args, { cwd: join(ROOT, from), encoding: 'utf8' })),
  );
  return times.sort((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
}
