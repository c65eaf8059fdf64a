import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FOLDER = fileURLToPath(new URL('../peers/', import.meta.url));
const resolve = createRequire(`${FOLDER}package.json`).resolve;

/** Installs the peers, if they are not there yet. They stay out of the workspace: nothing else needs them. */
export function installPeers(): void {
  if (existsSync(`${FOLDER}node_modules/usearch`)) return;
  process.stdout.write('Installing what is compared with ...\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: FOLDER, stdio: 'inherit' });
}

/** Loads a peer. */
export async function loadPeer(name: string) {
  return import(pathToFileURL(resolve(name)).href);
}
