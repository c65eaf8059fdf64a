/** Long work on files that must leave the old state or the new one, wherever it is interrupted. */
export interface Operation {
  /** Whether the new state must survive a power cut once the call has returned, as a copy must that somebody relies on. */
  readonly isDurable?: boolean;
  /** Makes the old state. */
  readonly prepare: (folder: string) => Promise<void>;
  /** Does the work. Called again after an interruption, it does what is left of it. */
  readonly run: (folder: string) => Promise<void>;
  /** Says which state a user finds under the names that they know: `old`, `new`, or else what is wrong. */
  readonly look: (folder: string) => Promise<string>;
  /** Of all that lies in the folder when the work is done, returns what should not. */
  readonly leftovers: (names: readonly string[]) => readonly string[];
}
