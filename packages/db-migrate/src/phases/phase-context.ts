import type { Redact } from '@codebuddy/db-core';
import type { LegacyFile } from '../files/legacy-file.ts';
import type { LegacyFolder } from '../files/legacy-folder.ts';
import type { FileReport, Phase } from '../migration-report.ts';

/** The context that the phases of an import share. */
export interface PhaseContext<Target> {
  readonly phase: Phase;
  readonly target: Target;
  readonly folders: readonly LegacyFolder[];
  /** Returns whether a file is left out, since it has been imported as it is. */
  readonly skips: (path: string) => boolean;
  /** Whether nothing is to be stored: what was read can't then be compared with what is stored. */
  readonly dryRun: boolean;
  /** Whether files are to be renamed, so that each must still be what was read of it. */
  readonly renames: boolean;
  /** The time of the import, as timestamps are stored. */
  readonly now: string;
  /** Removes from a string what must not be stored; absent if nothing is removed. */
  readonly redact: Redact | undefined;
  /** The largest file that is read whole, in bytes. */
  readonly maxFileBytes: number;
  /** Told again and again how far the phase has come. */
  readonly advance: (entries: number, bytes: number) => void;
  /** Told when files are done; they may then be renamed. */
  readonly filesDone: (files: readonly DoneFile[]) => Promise<void>;
}

/** A file of which everything that can be stored is stored. */
export interface DoneFile {
  readonly report: FileReport;
  /** Absent if there was no file to open. */
  readonly file?: LegacyFile;
}
