// Writes the table of sizes and import times into the README: `node tooling/installation-tests/src/sizes.ts`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const README = join(ROOT, 'README.md');
const RUNS = 15;
const START = '<!-- sizes: made by tooling/installation-tests/src/sizes.ts -->\n\n';
const END = '<!-- end of sizes -->';

const tarballs = mkdtempSync(join(tmpdir(), 'codebuddy-sizes-'));
const rows = readdirSync(join(ROOT, 'packages')).map((name) => {
  const cwd = join(ROOT, 'packages', name);
  execFileSync('pnpm', ['pack', '--pack-destination', tarballs], { cwd, stdio: 'ignore' });
  const tarball = readdirSync(tarballs).find((file) => file.startsWith(`codebuddy-${name}-`)) ?? '';
  const packed = statSync(join(tarballs, tarball)).size;
  return `| \`@codebuddy/${name}\` | ${(packed / 1000).toFixed(0)} kB | ${importTime(name).toFixed(0)} ms |`;
});
rmSync(tarballs, { recursive: true });

const table = ['| package | packed | import |', '| --- | --- | --- |', ...rows].join('\n');
const readme = readFileSync(README, 'utf8');
const [before, rest = ''] = readme.split(START);
const after = rest.slice(rest.indexOf(END));
writeFileSync(README, `${before}${START}${table}\n\n${after}`);

/** Milliseconds, the middle of some processes, what it depends on included. */
function importTime(name: string): number {
  const script = `const start = performance.now(); await import('@codebuddy/${name}'); console.log(performance.now() - start);`;
  const args = ['--input-type=module', '--eval', script];
  const cwd = join(ROOT, 'packages', 'db-integration');
  const from = name === 'db-integration' ? join(ROOT, 'tooling', 'installation-tests') : cwd;
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, args, { cwd: from, encoding: 'utf8' })),
  );
  return times.sort((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
}
