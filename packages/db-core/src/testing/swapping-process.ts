import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Puts the link in the place of the folder and both back, until its parent is gone. Somebody may make a folder of that name
 * in the moment when there is none; that one is removed.
 */
const SWAP = `
const { renameSync, rmSync } = require('node:fs');
const [folder, link] = process.argv.slice(1);
const parent = process.ppid;
function move(from, to) {
  for (;;) {
    try {
      return renameSync(from, to);
    } catch (error) {
      if (!['EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    }
    try {
      rmSync(to, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'ENOTEMPTY') throw error;
    }
  }
}
console.log('swapping');
while (process.ppid === parent) {
  move(folder, folder + '.aside');
  move(link, folder);
  move(folder, link);
  move(folder + '.aside', folder);
}`;

/** A process that swaps a folder and a link for one another as fast as it can; ended at the end of its `await using` block. */
export class SwappingProcess implements AsyncDisposable {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /**
   * Starts it, and waits until it swaps.
   *
   * @param folder - the path of the folder
   * @param link - the path of the link that takes its place
   */
  static async start(folder: string, link: string): Promise<SwappingProcess> {
    const child = spawn(process.execPath, ['--eval', SWAP, folder, link], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return new SwappingProcess(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
