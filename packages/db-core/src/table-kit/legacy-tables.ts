import type { Database } from '../connection/driver.ts';
import type { LegacyColumns } from './legacy-columns.ts';

/** A mapping from the rows of a legacy table to the rows of one of ours. */
export interface TableUpgrade {
  /** The legacy table. */
  readonly from: string;
  /** Our table. */
  readonly to: string;
  /** Our columns, and the SQL expression that reads each from the row `legacy`. */
  readonly columns: (old: LegacyColumns) => Readonly<Record<string, string>>;
  /** If set, another upgrade of the same rows records what is lost of them. */
  readonly companion?: true;
  /** Legacy columns that are computed anew, so that nothing is lost by not reading them. */
  readonly derived?: readonly string[];
  /** Rows that this upgrade passes over without a word, because another upgrade of the same table takes them. */
  readonly only?: (old: LegacyColumns) => string;
  /** Why a row can't be kept, and the condition for it: such rows go to `adoption_rejects` whole. */
  readonly rejects?: (old: LegacyColumns) => Readonly<Record<string, string>>;
  /**
   * Our columns that tell rows apart: of rows that have the same, one is kept, and what `merge` made of them. All of them go to
   * `adoption_rejects` as they were.
   */
  readonly identity?: readonly string[];
  /** The conflict clause for a row whose identity is there already: the duplicates that NULL let through are merged. */
  readonly merge?: string;
}

/** The tables of earlier Code-Buddy releases that one subject's tables replace. */
export interface LegacyTables {
  /** By the name of each, the columns without which a table of that name is not one of an earlier Code-Buddy. */
  readonly required: Readonly<Record<string, readonly string[]>>;
  /** Parents come before the rows that point to them. */
  readonly upgrades: readonly TableUpgrade[];
  /** Registers the SQL functions that the upgrades call. */
  readonly registerFunctions?: (db: Database) => void;
  /** SQL that is run once all rows are copied. */
  readonly afterwards?: string;
}

/** Merges an average over its weights: `sum(average * weight) / sum(weight)`. */
export function weightedAverage(table: string, column: string, weight: string): string {
  return `${column} = CASE WHEN ${table}.${weight} + excluded.${weight} > 0
    THEN (${table}.${column} * ${table}.${weight} + excluded.${column} * excluded.${weight})
      / (${table}.${weight} + excluded.${weight})
    ELSE max(${table}.${column}, excluded.${column}) END`;
}

/** Merges columns by adding them up, to the largest number that JavaScript reads exactly. */
export function addUp(table: string, columns: readonly string[]): string {
  return columns
    .map((column) => `${column} = min(${table}.${column} + excluded.${column}, ${Number.MAX_SAFE_INTEGER})`)
    .join(', ');
}
