import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QueryFailedError } from '@codebuddy/db-core';
import type { CodeSymbol } from './symbol-parser.ts';
import type { SymbolMessage } from './symbol-parser-process.ts';

// From source in this package's own tests, from the build when installed: the sibling has this file's extension.
const PROCESS_FILE = fileURLToPath(new URL(`./symbol-parser-process${extname(import.meta.url)}`, import.meta.url));

/**
 * Finds symbols in a process of its own. There V8 may be told not to optimise the grammars' WebAssembly, which takes over
 * two gigabytes for a moment; without it, one hundred megabytes are enough, and parsing is hardly slower.
 */
export class SymbolProcess {
  readonly #child: ChildProcess;
  #lastId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts the process; `undefined` if the parser's packages are not installed. */
  static async start(): Promise<SymbolProcess | undefined> {
    // Loaded when it is first needed: a program that only searches should not wait for it.
    const { fork } = await import('node:child_process');
    const execArgv = ['--liftoff-only', '--disable-warning=ExperimentalWarning'];
    const child = fork(PROCESS_FILE, {
      execArgv,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = new SymbolProcess(child);
    const first = await started.#next();
    if (first.kind === 'ready' && first.canParse) return started;
    started.close();
    return undefined;
  }

  /** Returns the outermost symbols of a string, or `undefined` if its language or its length forbid it. */
  async symbolsOf(text: string, language: string): Promise<readonly CodeSymbol[] | undefined> {
    const id = ++this.#lastId;
    this.#child.send({ id, text, language });
    const answer = await this.#next();
    if (answer.kind === 'failed')
      throw new QueryFailedError(`A file could not be parsed: ${answer.reason}. Report it with the file.`);
    return answer.kind === 'symbols' && answer.id === id ? answer.symbols : undefined;
  }

  /** Ends the process. */
  close(): void {
    this.#child.kill();
  }

  /** The next message; the indexer asks for one text after the other. */
  async #next(): Promise<SymbolMessage> {
    const ended = new AbortController();
    const exit = once(this.#child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
      throw new QueryFailedError(
        `The process that parses code ended (${signal ?? code}). Run the index again: it goes on where it stopped.`,
      );
    });
    try {
      const message = once(this.#child, 'message', { signal: ended.signal }).then(
        ([received]: SymbolMessage[]) => received,
      );
      const received = await Promise.race([message, exit]);
      if (received === undefined)
        throw new QueryFailedError('The process that parses code said nothing. Run the index again.');
      return received;
    } finally {
      // The race is over: that nobody waits for the end any more is no failure.
      exit.catch(() => undefined);
      ended.abort();
    }
  }
}
