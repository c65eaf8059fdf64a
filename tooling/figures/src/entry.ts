/** What one run of a suite measured or counted. */
export interface Entry {
  /** The heading of its table. */
  readonly title: string;
  /** The day of the run, such as `2026-11-25`. */
  readonly date: string;
  /** The short hash of the commit that was measured. */
  readonly commit: string;
  readonly machine: string;
  /** The command that measures it again. */
  readonly command: string;
  readonly rows: Readonly<Record<string, Row>>;
  readonly goals?: Readonly<Record<string, Goal>> | undefined;
}

/** A line of a table. */
export interface Row {
  /** Markdown. */
  readonly label: string;
  /** By column; {@link COLUMNS} knows their units. */
  readonly values: Readonly<Record<string, Value>>;
}

/** A number, or the least and the greatest of several runs. */
export type Value = number | readonly [least: number, greatest: number];

/** A comparison that was asked for. */
export interface Goal {
  readonly work: string;
  readonly against: string;
  /** `faster`: so many times as fast, at least. `within`: so many times as much, at most. */
  readonly kind: 'faster' | 'within';
  readonly times: number;
  /** How many times it was. */
  readonly ratio: Value;
}

/** Entries by name. */
export type Entries = Readonly<Record<string, Entry>>;

/**
 * Checks what was read from a file.
 *
 * @throws TypeError naming the entry that has another shape
 */
export function parseEntries(value: unknown): Entries {
  const entries: Record<string, Entry> = {};
  for (const [name, entry] of Object.entries(Object(value))) {
    if (!isEntry(entry)) throw new TypeError(`The figures of ${name} have another shape than tooling/figures expects`);
    entries[name] = entry;
  }
  return entries;
}

function isEntry(value: unknown): value is Entry {
  const { title, date, commit, machine, command, rows, goals } = Object(value);
  return (
    [title, date, commit, machine, command].every((text) => typeof text === 'string') &&
    isRecord(rows) &&
    Object.values(rows).every(isRow) &&
    (goals === undefined || (isRecord(goals) && Object.values(goals).every(isGoal)))
  );
}

function isRow(value: unknown): boolean {
  const { label, values } = Object(value);
  return typeof label === 'string' && isRecord(values) && Object.values(values).every(isValue);
}

function isGoal(value: unknown): boolean {
  const { work, against, kind, times, ratio } = Object(value);
  return (
    typeof work === 'string' &&
    typeof against === 'string' &&
    (kind === 'faster' || kind === 'within') &&
    typeof times === 'number' &&
    isValue(ratio)
  );
}

function isValue(value: unknown): boolean {
  const isNumber = (each: unknown) => typeof each === 'number' && Number.isFinite(each);
  return isNumber(value) || (Array.isArray(value) && value.length === 2 && value.every(isNumber));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
