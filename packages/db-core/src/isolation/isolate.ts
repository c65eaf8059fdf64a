import type { EventEmitter } from 'node:events';

/**
 * Code of this package that runs apart from its caller. It is carried as text, since a bundle is a single file beside which
 * there is no other.
 */
export interface Program {
  /** An ES module, complete in itself, that says when it is ready. */
  readonly code: string;
  /** The options of Node.js for its process. */
  readonly execArgv: readonly string[];
}

/** Returns a script that runs a program, in whichever module system the script itself is taken for. */
export function scriptOf({ code }: Program): string {
  return `import('data:text/javascript;base64,${Buffer.from(code).toString('base64')}')`;
}

/** A running program. */
export interface Isolate {
  readonly kind: 'process' | 'thread';
  send(message: object): void;
  /** Waits for the next message; `undefined` if the program has ended. */
  next(): Promise<unknown>;
  /** Ends the program: a process at once, a thread once SQLite returns to it. */
  stop(): void;
}

/** Reads the messages of a program, which come one at a time, in their order. */
export class Messages {
  readonly #waiting: ((message: unknown) => void)[] = [];
  readonly #unread: unknown[] = [];
  #hasEnded = false;

  constructor(emitter: EventEmitter) {
    emitter.on('message', (message: unknown) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#unread.push(message);
      else waiting(message);
    });
    for (const end of ['exit', 'error']) emitter.on(end, () => this.end());
  }

  /** Waits for the next message; `undefined` if there will be none. */
  next(): Promise<unknown> {
    if (this.#unread.length > 0 || this.#hasEnded) return Promise.resolve(this.#unread.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Ends all waiting. */
  end(): void {
    this.#hasEnded = true;
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
  }
}
