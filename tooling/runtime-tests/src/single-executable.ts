import { chmodSync, copyFileSync } from 'node:fs';
import { build } from 'esbuild';
import type { ProgramFolder } from './program-folder.ts';
import { programOf } from './tools.ts';

/** Marks the place of a program in the binary of Node.js (https://nodejs.org/api/single-executable-applications.html). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Bundles the agent as CommonJS that finds the driver beside it: `agent.cjs` in the folder. */
export async function bundleAgent(folder: ProgramFolder): Promise<void> {
  await build({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['better-sqlite3'],
    // A single executable requires only what is built into Node.js, unless it is given this.
    banner: { js: "require = require('node:module').createRequire(__filename);" },
    entryPoints: [folder.join('agent.mjs')],
    outfile: folder.join('agent.cjs'),
  });
}

/** Makes a single executable of the bundled agent and a binary of Node.js, and returns its path. */
export function makeExecutable(folder: ProgramFolder, node: string, name: string): string {
  const config = { main: 'agent.cjs', output: `${name}.blob`, disableExperimentalSEAWarning: true };
  folder.write(`${name}.json`, JSON.stringify(config));
  folder.run(node, ['--experimental-sea-config', `${name}.json`]);
  copyFileSync(node, folder.join(name));
  chmodSync(folder.join(name), 0o755);
  const inject = [name, 'NODE_SEA_BLOB', `${name}.blob`, '--sentinel-fuse', FUSE];
  folder.run(process.execPath, [programOf('postject', 'dist/cli.js'), ...inject]);
  return folder.join(name);
}
