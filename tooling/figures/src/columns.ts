import type { Goal, Value } from './entry.ts';

/** What a column holds. */
interface Column {
  readonly heading: string;
  /** From the largest on: how much one of them is, and from how much on it is used. Absent: plain numbers. */
  readonly units?: readonly { readonly name: string; readonly size: number; readonly from?: number }[];
  /** Digits after the point; absent: three significant ones. */
  readonly digits?: number;
}

const TIME = [
  { name: ' s', size: 1_000 },
  { name: ' ms', size: 1, from: 0.1 },
  { name: ' µs', size: 0.001 },
];

/** The columns of tables: times are kept in milliseconds, sizes in bytes. Any other column is a count. */
const COLUMNS: Readonly<Record<string, Column>> = {
  time: { heading: 'time', units: TIME },
  ready: { heading: 'ready in', units: TIME },
  added: { heading: 'one row added', units: TIME },
  import: { heading: 'import', units: [{ name: ' ms', size: 1 }], digits: 0 },
  duration: { heading: 'takes', units: [{ name: ' minutes', size: 60_000 }], digits: 0 },
  recall: { heading: 'recall@10', digits: 3 },
  found: { heading: 'recall@10', digits: 2 },
  ndcg: { heading: 'nDCG@10', digits: 2 },
  packed: { heading: 'packed', units: [{ name: ' kB', size: 1_000 }], digits: 0 },
  memory: { heading: 'memory', units: [{ name: ' MB', size: 1_000_000 }] },
  bytes: { heading: 'bytes', units: [{ name: ' bytes', size: 1 }] },
  ratio: { heading: 'ratio', units: [{ name: ' times', size: 1 }] },
  share: { heading: 'share', units: [{ name: ' %', size: 0.01 }], digits: 1 },
};

/** How a value looks in a page: a number or two, with a unit. */
export const VALUE = (() => {
  const units = new Set(Object.values(COLUMNS).flatMap((column) => (column.units ?? []).map(({ name }) => name)));
  const number = `\\d+(?:[.,]\\d+)*(?:${[...units].join('|')})?`;
  return `${number}(?: to ${number})?`;
})();

/** Returns the heading of a column. */
export function headingOf(column: string): string {
  return COLUMNS[column]?.heading ?? column.replaceAll('-', ' ');
}

/** Writes a value of a column with its unit: `0.93 ms`, `265 to 348 times`. */
export function formatValue(column: string, value: Value): string {
  const { units = [], digits } = COLUMNS[column] ?? { digits: 0 };
  const numbers = [value].flat();
  const greatest = Math.max(...numbers);
  const unit = units.find(({ size, from = size }) => greatest >= from) ?? units.at(-1) ?? { name: '', size: 1 };
  const write = (number: number) =>
    digits === undefined
      ? Number(number.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })
      : number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return numbers.map((number) => write(number / unit.size)).join(' to ') + unit.name;
}

/** Writes the target of a goal. */
export function formatTarget({ kind, times }: Goal): string {
  return kind === 'faster' ? `${times} times faster` : `at most ${times} times`;
}

/** Tells whether a goal is met; of a range, both ends must. */
export function isMet({ kind, times, ratio }: Goal): boolean {
  return [ratio].flat().every((each) => (kind === 'faster' ? each >= times : each <= times));
}
