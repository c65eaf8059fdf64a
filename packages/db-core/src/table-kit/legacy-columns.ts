import { UNPARSED } from '../codecs/json.ts';

/**
 * Writes the SQL that reads one column of a legacy table as our schema wants it. `legacy` is the alias of the legacy
 * table in the copying statement; a column the old file does not have reads as NULL.
 */
export class LegacyColumns {
  readonly #present: ReadonlySet<string>;
  readonly #used = new Set<string>();

  constructor(present: ReadonlySet<string>) {
    this.#present = present;
  }

  /** The columns of the old file that nothing has read so far. */
  unread(): string[] {
    return [...this.#present].filter((column) => !this.#used.has(column));
  }

  /** All columns of the old file. */
  present(): string[] {
    return [...this.#present];
  }

  /** The column as it stands. */
  raw(column: string): string {
    this.#used.add(column);
    return this.#present.has(column) ? `legacy.${column}` : 'NULL';
  }

  /** A string, if there is one. */
  text(column: string): string {
    const raw = this.raw(column);
    return `CASE WHEN ${raw} IS NULL THEN NULL ELSE CAST(${raw} AS TEXT) END`;
  }

  /** A name; the empty text means none. */
  name(column: string): string {
    return `nullif(${this.text(column)}, '')`;
  }

  /** An instant in our format. Old rows hold `2026-01-02 03:04:05`, `2026-01-02T03:04:05.678Z`, or epoch numbers. */
  instant(column: string): string {
    const raw = this.raw(column);
    const epochSeconds = `CASE WHEN abs(${raw}) > 1e11 THEN ${raw} / 1000.0 ELSE ${raw} END`;
    return `CASE typeof(${raw})
      WHEN 'text' THEN strftime('%Y-%m-%dT%H:%M:%fZ', ${raw})
      WHEN 'null' THEN NULL
      ELSE strftime('%Y-%m-%dT%H:%M:%fZ', ${epochSeconds}, 'unixepoch') END`;
  }

  /** The first of several instants that can be read, or now. */
  firstInstant(...columns: readonly string[]): string {
    const instants = columns.map((column) => this.instant(column));
    return `coalesce(${instants.join(', ')}, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`;
  }

  /** A count of at least 0; what is no number counts as the given one. */
  count(column: string, otherwise = 0): string {
    return `CAST(${this.amount(column, otherwise)} AS INTEGER)`;
  }

  /** An amount of at least 0; what is no number counts as the given one. */
  amount(column: string, otherwise = 0): string {
    const raw = this.raw(column);
    return `CASE WHEN typeof(${raw}) IN ('integer', 'real') THEN max(${raw}, 0) ELSE ${otherwise} END`;
  }

  /** US dollars, as whole nano-dollars. */
  money(column: string): string {
    return `CAST(round((${this.amount(column)}) * 1e9) AS INTEGER)`;
  }

  /** A share from 0 to 1. */
  share(column: string, otherwise: number): string {
    return `min(${this.amount(column, otherwise)}, 1.0)`;
  }

  /** An integer, if there is one. */
  integer(column: string): string {
    const raw = this.raw(column);
    return `CASE WHEN typeof(${raw}) IN ('integer', 'real') THEN CAST(${raw} AS INTEGER) END`;
  }

  /** 0 or 1. */
  flag(column: string, otherwise: 0 | 1): string {
    const raw = this.raw(column);
    return `CASE WHEN ${raw} IS NULL THEN ${otherwise} ELSE ${raw} <> 0 END`;
  }

  /** One of a closed set of words, or the given one. */
  oneOf(column: string, words: readonly string[], otherwise: string): string {
    return `CASE WHEN ${this.isOneOf(column, words)} THEN ${this.raw(column)} ELSE '${otherwise}' END`;
  }

  /** The condition that a column holds one of a closed set of words. */
  isOneOf(column: string, words: readonly string[]): string {
    return `ifnull(${this.raw(column)} IN (${words.map((word) => `'${word}'`).join(', ')}), 0)`;
  }

  /** JSON of any shape; a string that is not JSON is kept as `{"unparsed": text}`. */
  json(column: string): string {
    const raw = this.raw(column);
    return `CASE WHEN ${raw} IS NULL THEN NULL
      WHEN json_valid(${raw}) THEN CAST(${raw} AS TEXT)
      ELSE json_object('${UNPARSED}', CAST(${raw} AS TEXT)) END`;
  }

  /** A JSON object; anything else is kept as `{"unparsed": text}`. */
  jsonObject(column: string): string {
    const raw = this.raw(column);
    return `CASE WHEN ${raw} IS NULL THEN NULL
      WHEN json_valid(${raw}) AND json_type(${raw}) = 'object' THEN CAST(${raw} AS TEXT)
      ELSE json_object('${UNPARSED}', CAST(${raw} AS TEXT)) END`;
  }

  /** A vector; bytes that are no whole number of floats are left out. */
  vector(column: string): string {
    return `CASE WHEN ${this.isVector(column)} THEN ${this.raw(column)} END`;
  }

  /** The condition that a column holds whole floats. */
  isVector(column: string): string {
    const raw = this.raw(column);
    return `(typeof(${raw}) = 'blob' AND length(${raw}) > 0 AND length(${raw}) % 4 = 0)`;
  }

  /** The model of a vector: nobody wrote down what made the old ones. */
  unknownModel(column: string): string {
    return `CASE WHEN ${this.isVector(column)} THEN 'unknown' END`;
  }
}
