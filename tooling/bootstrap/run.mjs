#!/usr/bin/env node
// Installs the workspace and runs one of its scripts, on whatever Node started it: this file alone must run on Node 20.
// A Node and a pnpm that are good enough are used as they are; otherwise npx brings both from the npm registry.
import { spawnSync } from 'node:child_process';

const [script, ...rest] = process.argv.slice(2);
if (!script) {
  console.error('usage: node tooling/bootstrap/run.mjs SCRIPT [arguments]');
  process.exit(2);
}

const [major, minor] = process.versions.node.split('.').map(Number);
const nodeIsReady = major > 22 || (major === 22 && minor >= 18);
const pnpmIsReady = Number.parseInt(run('pnpm', ['--version'], 'pipe').stdout ?? '', 10) >= 12;

const steps = [
  ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only', '--loglevel=warn'],
  ['run', '--silent', script, ...rest],
];
for (const step of steps) {
  const { status } =
    nodeIsReady && pnpmIsReady
      ? run('pnpm', step)
      : run('npx', ['--yes', '--package=node@24', '--package=pnpm@12', '--', 'pnpm', ...step]);
  if (status !== 0) process.exit(status ?? 1);
}

function run(command, args, output = 'inherit') {
  const windows = process.platform === 'win32';
  return spawnSync(command, args, { stdio: ['inherit', output, output], encoding: 'utf8', shell: windows });
}
