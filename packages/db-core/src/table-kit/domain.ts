import type { LegacyTables } from './legacy-tables.ts';
import type { Migrations } from './migrations.ts';
import type { VectorSource } from './vector-source.ts';

/** The number of rows of each subject that statistics count. */
export interface RowCounts {
  memoriesCount: number;
  sessionsCount: number;
  embeddingsCount: number;
  /** Entries in the cache. */
  cacheSize: number;
}

/** A table whose rows statistics count. */
export interface CountedTable {
  readonly table: string;
  readonly name: keyof RowCounts;
  /** The label beside the number. */
  readonly label: string;
}

/** SQL that makes derived rows anew after rows were salvaged. */
export interface Derived {
  /** The tables that must be there for it. */
  readonly tables: readonly string[];
  readonly sql: string;
}

/** The tables of one subject, and all that the rest of this package has to know of them. */
export interface Domain {
  readonly migrations: Migrations;
  /**
   * The tables that are emptied when everything is cleared: children before the rows they point to. Those that triggers and
   * cascades empty along are left out.
   */
  readonly tables: readonly string[];
  readonly counted?: CountedTable;
  /** The vectors that are searched. */
  readonly vectors?: VectorSource;
  readonly derived?: readonly Derived[];
  readonly legacy?: LegacyTables;
}
