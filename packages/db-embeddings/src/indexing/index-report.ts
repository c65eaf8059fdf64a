import type { NoSymbols } from './symbol-process.ts';

/** The progress of an index. */
export interface IndexProgress {
  /** Files that were looked at so far. */
  readonly files: number;
  /** Chunks that were stored so far. */
  readonly chunks: number;
  /** The file that was stored last. */
  readonly path: string;
}

/**
 * The reason for which a file, or a folder that is `unreadable`, is not in the index as it should be:
 *
 * - `unreadable`: the system refuses it; what was indexed of a file before stays
 * - `too-large`: it is larger than `maxFileBytes`
 * - `not-text`: it holds bytes that no text has
 * - `not-parsed`: the parser gave up; the file is indexed, cut by lines
 * - `refused`: the model refused a line of it; the rest of the file is indexed
 */
export type SkipReason = 'unreadable' | 'too-large' | 'not-text' | 'not-parsed' | 'refused';

/** A file that is not in the index as it should be. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: SkipReason;
}

/** The report of an index. */
export interface IndexReport {
  /** Files that have an ending which is indexed. */
  readonly files: number;
  readonly indexed: number;
  readonly unchanged: number;
  /** Chunks of files that are gone. */
  readonly removedChunks: number;
  readonly chunks: number;
  /** What is not in the index as it should be, of the files that this run looked into. */
  readonly skipped: readonly SkippedFile[];
  /**
   * The reason for which files were cut by lines alone rather than by their symbols: the parser's packages are not installed
   * (`not-installed`), or this program can start no process for it, or none that lives, twenty times in a row (`no-process`).
   */
  readonly withoutSymbols?: NoSymbols;
  /** In milliseconds. */
  readonly duration: number;
}
