import { drawTable, type Entry, formatValue, type Goal, type Row, type Value } from '@codebuddy/figures';

/** What a suite measured, ready to be kept in docs/benchmarks.json. */
export interface SuiteReport {
  /** The name that pages use. */
  readonly name: string;
  readonly title: string;
  readonly rows: Readonly<Record<string, Row>>;
  readonly goals?: Readonly<Record<string, Goal>>;
}

/** Makes a line of a table: times in milliseconds. */
export function row(label: string, values: Readonly<Record<string, Value>>): Row {
  return { label, values };
}

/** Compares with a peer that should be slower. */
export function faster(work: string, against: string, ours: number, theirs: number, times: number): Goal {
  return { work, against, kind: 'faster', times, ratio: theirs / ours };
}

/** Compares with a peer that may be faster, but not by more than this. */
export function within(work: string, against: string, ours: number, theirs: number, times: number): Goal {
  return { work, against, kind: 'within', times, ratio: ours / theirs };
}

/** Prints a report as Markdown tables. */
export function printReport({ name, title, rows, goals }: SuiteReport): void {
  const entry: Entry = { title, date: '', commit: '', machine: '', command: '', rows, goals };
  print(`\n### ${title}\n`);
  if (Object.keys(rows).length > 0) print(drawTable(name, { [name]: entry }));
  if (goals !== undefined) print(`\n${drawTable('goals', { [name]: entry })}`);
}

/** Writes a time with the unit that suits it. */
export function time(milliseconds: number): string {
  return formatValue('time', milliseconds);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
