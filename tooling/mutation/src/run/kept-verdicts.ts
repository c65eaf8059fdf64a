import { digest, type Mutant } from '../mutants/mutant.ts';
import type { Verdict } from './judge.ts';
import { keep, readKept } from './kept-file.ts';

interface KeptVerdict extends Verdict {
  /** Of the file with the mutant. */
  readonly file: string;
  /** Of all sources and of the tests that were run. */
  readonly all: string;
}

/**
 * Keeps verdicts from one run to the next. What was noticed, or did not compile, is so while its file stays as it is;
 * what was not noticed is tried again as soon as a source or a test has changed.
 */
export class KeptVerdicts {
  readonly #path: string;
  readonly #verdicts: Record<string, KeptVerdict>;
  readonly #isFresh: boolean;

  /** @param fresh - whether to hand out none of the verdicts of earlier runs */
  constructor(path: string, { fresh }: { readonly fresh: boolean }) {
    this.#path = path;
    this.#verdicts = readKept(path, isKeptVerdict);
    this.#isFresh = fresh;
  }

  /** @param source - the file with the mutant as it is now */
  get(mutant: Mutant, source: string, all: string): Verdict | undefined {
    const kept = this.#verdicts[mutant.id];
    if (kept === undefined || this.#isFresh) return undefined;
    const isCurrent = kept.status === 'unnoticed' ? kept.all === all : kept.file === digest(source);
    return isCurrent ? kept : undefined;
  }

  set(mutant: Mutant, source: string, all: string, verdict: Verdict): void {
    this.#verdicts[mutant.id] = { ...verdict, file: digest(source), all };
    keep(this.#path, this.#verdicts);
  }
}

function isKeptVerdict(record: unknown): record is KeptVerdict {
  const { file, all, status } = Object(record);
  return [file, all, status].every((field) => typeof field === 'string');
}
