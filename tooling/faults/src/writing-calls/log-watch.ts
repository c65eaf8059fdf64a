import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const WATCHER = `
  const { statSync } = require('node:fs');
  const { path, memory } = require('node:worker_threads').workerData;
  const [LARGEST, ENDED] = [0, 1];
  const numbers = new Int32Array(memory);
  while (Atomics.load(numbers, ENDED) === 0) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > numbers[LARGEST]) numbers[LARGEST] = size;
    Atomics.wait(numbers, ENDED, 0, 1);
  }
`;

/** Looks at the size of a log all the time from another thread, since a call of SQLite holds up this one. */
export class LogWatch {
  readonly #numbers = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  private constructor(path: string) {
    const workerData = { path, memory: this.#numbers.buffer };
    this.#worker = new Worker(WATCHER, { eval: true, workerData });
  }

  static async start(path: string): Promise<LogWatch> {
    const watch = new LogWatch(path);
    await once(watch.#worker, 'online');
    return watch;
  }

  /** Returns the largest size that was seen, in bytes. */
  async end(): Promise<number> {
    Atomics.store(this.#numbers, 1, 1);
    Atomics.notify(this.#numbers, 1);
    await once(this.#worker, 'exit');
    return this.#numbers[0] ?? 0;
  }
}
