/**
 * Known faults that are not mended yet, by operation. The tests skip them; remove an entry when you mend its fault.
 */
export const UNMENDED: {
  /** Interrupted between two of their steps, these leave neither the old state nor the new one. */
  readonly states: readonly string[];
  /** Later calls do not clear away all that these leave behind. */
  readonly leftovers: readonly string[];
} = {
  // The old database has its new name already, and the restored one has none. Of a database that is set aside, the log
  // still has its old name.
  states: ['restore-backup', 'quarantine'],
  leftovers: ['quarantine'],
};
