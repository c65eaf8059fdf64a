import { dirname, join } from 'node:path';
import { QueryFailedError } from '@codebuddy/db-core';
import { callerPlace, type Isolate, type Program, resolveInstalled, startProcess } from '@codebuddy/db-core/internal';
import type { CodeSymbol, ParserFiles } from './symbol-parser.ts';
import type { SymbolMessage, SymbolRequest } from './symbol-parser-program.ts';

/** The code of the program. The build defines it; sources that run as they are have it beside them. */
declare const SYMBOL_PARSER_PROGRAM: string | undefined;

const PROGRAM: Program = {
  code:
    typeof SYMBOL_PARSER_PROGRAM === 'string'
      ? SYMBOL_PARSER_PROGRAM
      : `import '${new URL('./symbol-parser-program.ts', import.meta.url)}'`,
  execArgv: ['--liftoff-only', '--disable-warning=ExperimentalWarning'],
};

/** The reasons for which no symbols are found: the parser's packages are not installed, or no process can be started. */
export type NoSymbols = 'not-installed' | 'no-process';

/** Finds the parser's packages; `undefined` if they are not installed. */
export function findParser(): ParserFiles | undefined {
  const place = callerPlace();
  const module = resolveInstalled('web-tree-sitter', place);
  const grammars = resolveInstalled('tree-sitter-wasms/package.json', place);
  return module === undefined || grammars === undefined
    ? undefined
    : { module, grammars: join(dirname(grammars), 'out') };
}

/**
 * Finds symbols in a process of its own. There V8 may be told not to optimise the grammars' WebAssembly, which takes over
 * two gigabytes for a moment; without it, one hundred megabytes are enough, and parsing is hardly slower.
 */
export class SymbolProcess {
  readonly #process: Isolate;
  readonly #files: ParserFiles;
  #lastId = 0;

  private constructor(process: Isolate, files: ParserFiles) {
    this.#process = process;
    this.#files = files;
  }

  /** Starts the process, or tells why there is none. */
  static async start(): Promise<SymbolProcess | NoSymbols> {
    const files = findParser();
    if (files === undefined) return 'not-installed';
    const process = await startProcess(PROGRAM);
    return process === undefined ? 'no-process' : new SymbolProcess(process, files);
  }

  /** Returns the outermost symbols of a string, or `undefined` if its language or its length forbid it. */
  async symbolsOf(text: string, language: string): Promise<readonly CodeSymbol[] | undefined> {
    const id = ++this.#lastId;
    const request: SymbolRequest = { id, files: this.#files, text, language };
    this.#process.send(request);
    const answer = await this.#process.next();
    if (!isAnswer(answer))
      throw new QueryFailedError(
        'The process that parses code ended. Run the index again: it goes on where it stopped.',
      );
    if (answer.kind === 'failed')
      throw new QueryFailedError(`A file could not be parsed: ${answer.reason}. Report it with the file.`);
    return answer.kind === 'symbols' && answer.id === id ? answer.symbols : undefined;
  }

  /** Ends the process. */
  close(): void {
    this.#process.stop();
  }
}

/** The program is a part of this package, whose answers have the right shape; there is none if it ended. */
function isAnswer(message: unknown): message is SymbolMessage {
  return message !== undefined;
}
