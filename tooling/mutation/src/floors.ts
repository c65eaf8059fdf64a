/** The share of mutants that the tests of every package must notice. */
const OF_PACKAGES = 0.9;

/** The share for folders in which an unnoticed change could lose data. */
const OF_FOLDERS: Readonly<Record<string, number>> = {
  'db-core/src/connection': 0.95,
  'db-core/src/schema': 0.95,
  'db-core/src/sql': 0.95,
  'db-core/src/recovery': 0.95,
  'db-core/src/vector-index': 0.95,
};

/** A part of the code whose mutants must be noticed at least as often as this says. */
export interface Floor {
  /** A path below `packages/`. */
  readonly part: string;
  readonly least: number;
}

/** Returns the floors of a package: its own, then those of its folders. */
export function floorsOf(name: string): Floor[] {
  const folders = Object.entries(OF_FOLDERS).filter(([part]) => part.startsWith(`${name}/`));
  return [{ part: name, least: OF_PACKAGES }, ...folders.map(([part, least]) => ({ part, least }))];
}
