import { UNPARSED } from '../codecs/json.ts';

/** A value of an old row that can't stay as it was. */
export interface ChangedValue {
  readonly column: string;
  /** The reason, as a sentence about the row. */
  readonly reason: string;
  /** The SQL condition for it. */
  readonly condition: string;
}

/** The largest number that is counted to: what is above, JavaScript does not read exactly. */
const MOST = Number.MAX_SAFE_INTEGER;

/** The form of an instant, as the CHECK of each column has it. */
const INSTANT = '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z';

/** A cost is a sum of doubles, whose last digits are noise: below this share of it, a difference is none. */
const NOISE = 1e-12;

/**
 * Writes the SQL that reads one column of a legacy table as our schema wants it. `legacy` is the alias of the legacy
 * table in the copying statement; a column the old file does not have reads as NULL. What a column can't keep as it was
 * is in {@link changed}, so that the original is recorded; NULL is no value, and takes the default without a record.
 */
export class LegacyColumns {
  readonly #present: ReadonlySet<string>;
  readonly #used = new Set<string>();
  readonly #changed = new Map<string, ChangedValue>();

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

  /** The values that the columns read so far change. */
  changed(): ChangedValue[] {
    return [...this.#changed.values()];
  }

  /** The column as it stands. */
  raw(column: string): string {
    this.#used.add(column);
    return this.#present.has(column) ? `legacy.${column}` : 'NULL';
  }

  /** The number that SQLite gives each row. */
  rowid(column: string): string {
    return this.#taken(column, 'legacy.rowid', 'is not the number of the row');
  }

  /** A string, if there is one. */
  text(column: string): string {
    this.#note(column, 'is not text', `typeof(${this.raw(column)}) NOT IN ('text', 'null')`);
    return this.#text(column);
  }

  /** A name; the empty text means none. */
  name(column: string): string {
    this.#note(column, 'is empty', `${this.text(column)} = ''`);
    return `nullif(${this.text(column)}, '')`;
  }

  /** The id of a row; one that has none, or bytes, gets one from its number. */
  id(column: string): string {
    const raw = this.raw(column);
    const id = `CASE WHEN typeof(${raw}) = 'text' AND ${raw} <> '' THEN ${raw} ELSE 'adopted-' || legacy.rowid END`;
    return this.#taken(column, id, 'is no id');
  }

  /** An instant in our format. Old rows hold `2026-01-02 03:04:05`, `2026-01-02T03:04:05.678Z`, or epoch numbers. */
  instant(column: string): string {
    const raw = this.raw(column);
    const epochSeconds = `CASE WHEN abs(${raw}) > 1e11 THEN ${raw} / 1000.0 ELSE ${raw} END`;
    const read = `CASE typeof(${raw})
      WHEN 'text' THEN CASE WHEN ${raw} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
        THEN strftime('%Y-%m-%dT%H:%M:%fZ', ${raw}) END
      WHEN 'null' THEN NULL
      ELSE strftime('%Y-%m-%dT%H:%M:%fZ', ${epochSeconds}, 'unixepoch') END`;
    const instant = `(SELECT read FROM (SELECT ${read} AS read) WHERE read GLOB '${INSTANT}')`;
    this.#note(column, 'is not an instant in milliseconds', `NOT ifnull(${isSameInstant(raw, instant)}, 0)`);
    return instant;
  }

  /** The first of several instants that can be read, or now. */
  firstInstant(...columns: readonly string[]): string {
    const instants = columns.map((column) => this.instant(column));
    return `coalesce(${instants.join(', ')}, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`;
  }

  /** A count of at least 0; what is no number counts as the given one. */
  count(column: string, otherwise = 0): string {
    return this.#taken(column, `CAST(${this.#amount(column, otherwise)} AS INTEGER)`, 'is not a count');
  }

  /** An amount of at least 0; what is no number counts as the given one. */
  amount(column: string, otherwise = 0): string {
    return this.#taken(column, this.#amount(column, otherwise), 'is not an amount');
  }

  /** US dollars, as whole nano-dollars. */
  money(column: string): string {
    const raw = this.raw(column);
    const nanos = `CAST(round(min(${this.#amount(column)}, ${MOST / 1e9}) * 1e9) AS INTEGER)`;
    const isSame = `typeof(${raw}) IN ('integer', 'real') AND abs(${raw} - ${nanos} / 1e9) <= ${NOISE} * abs(${raw})`;
    this.#note(column, 'is not an amount in nano-dollars', `NOT (${isSame})`);
    return nanos;
  }

  /** A share from 0 to 1. */
  share(column: string, otherwise: number): string {
    return this.#taken(column, `min(${this.#amount(column, otherwise)}, 1.0)`, 'is not between 0 and 1');
  }

  /** An integer, if there is one. */
  integer(column: string): string {
    const raw = this.raw(column);
    const integer = `CASE WHEN typeof(${raw}) IN ('integer', 'real')
      THEN CAST(max(min(${raw}, ${MOST}), ${-MOST}) AS INTEGER) END`;
    return this.#taken(column, integer, 'is not an integer');
  }

  /** 0 or 1. */
  flag(column: string, otherwise: 0 | 1): string {
    const raw = this.raw(column);
    return this.#taken(column, `CASE WHEN ${raw} IS NULL THEN ${otherwise} ELSE ${raw} <> 0 END`, 'is not 0 or 1');
  }

  /** One of a closed set of words, or the given one. */
  oneOf(column: string, words: readonly string[], otherwise: string): string {
    const word = `CASE WHEN ${this.isOneOf(column, words)} THEN ${this.raw(column)} ELSE '${otherwise}' END`;
    return this.#taken(column, word, 'is unknown');
  }

  /** The condition that a column holds one of a closed set of words. */
  isOneOf(column: string, words: readonly string[]): string {
    return `ifnull(${this.raw(column)} IN (${words.map((word) => `'${word}'`).join(', ')}), 0)`;
  }

  /** JSON of any shape; a string that is not JSON is kept as `{"unparsed": text}`. */
  json(column: string): string {
    const raw = this.raw(column);
    return `CASE WHEN ${raw} IS NULL THEN NULL
      WHEN json_valid(${raw}) THEN ${this.text(column)}
      ELSE json_object('${UNPARSED}', ${this.text(column)}) END`;
  }

  /** A JSON object; anything else is kept as `{"unparsed": text}`. */
  jsonObject(column: string): string {
    const raw = this.raw(column);
    return `CASE WHEN ${raw} IS NULL THEN NULL
      WHEN json_valid(${raw}) AND json_type(${raw}) = 'object' THEN ${this.text(column)}
      ELSE json_object('${UNPARSED}', ${this.text(column)}) END`;
  }

  /** A vector; bytes that are no whole number of floats are left out. */
  vector(column: string): string {
    const vector = `CASE WHEN ${this.isVector(column)} THEN ${this.raw(column)} END`;
    return this.#taken(column, vector, 'is not whole float32 numbers');
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

  /** A value that is computed anew from another column: what the old one says is lost only if that column is empty. */
  computed(column: string, from: string, value: string): string {
    this.#note(column, `is of a ${from} that is not there`, `${this.raw(from)} IS NULL`);
    return value;
  }

  #text(column: string): string {
    const raw = this.raw(column);
    return `CASE WHEN ${raw} IS NULL THEN NULL ELSE CAST(${raw} AS TEXT) END`;
  }

  #amount(column: string, otherwise = 0): string {
    const raw = this.raw(column);
    return `CASE WHEN typeof(${raw}) IN ('integer', 'real') THEN min(max(${raw}, 0), ${MOST}) ELSE ${otherwise} END`;
  }

  /** Notes that a value changes if it is not the one that is taken in its place. */
  #taken(column: string, taken: string, reason: string): string {
    this.#note(column, reason, `${this.raw(column)} IS NOT (${taken})`);
    return taken;
  }

  #note(column: string, reason: string, condition: string): void {
    if (!this.#present.has(column)) return;
    const changed = `${this.raw(column)} IS NOT NULL AND (${condition})`;
    this.#changed.set(`${column} ${reason}`, { column, reason: `its ${column} ${reason}`, condition: changed });
  }
}

/** The condition that an instant says what the old value says: as text the same but for its form, or the same number. */
function isSameInstant(raw: string, instant: string): string {
  const text = `rtrim(replace(${raw}, ' ', 'T'), 'Z')`;
  return `CASE typeof(${raw})
    WHEN 'text' THEN ${text} || substr('0000-00-00T00:00:00.000', length(${text}) + 1) || 'Z' = ${instant}
    ELSE round(unixepoch(${instant}, 'subsec') * 1000) IN (${raw}, ${raw} * 1000.0) END`;
}
