import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Returns the folder of a tool that is installed here. */
export function folderOf(tool: string): string {
  return dirname(realpathSync(require.resolve(`${tool}/package.json`)));
}

/** Returns the path of a program of a tool that is installed here. */
export function programOf(tool: string, path: string): string {
  return join(folderOf(tool), path);
}
