import { cpus, totalmem } from 'node:os';

/** A line of the report: what was asked for, and what was measured. */
export interface Line {
  readonly work: string;
  readonly against: string;
  /** What the target says, such as `30 times faster`. */
  readonly target: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** A contender's own figures. */
export interface Figure {
  readonly way: string;
  readonly time: string;
  readonly recall?: number;
  readonly note?: string;
}

/** Tells what was measured on. */
export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
}

/** Prints figures as a Markdown table. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  print(`\n### ${title}\n`);
  print('| way | time | recall@10 | note |\n|---|---|---|---|');
  for (const { way, time, recall, note } of figures) {
    print(`| ${way} | ${time} | ${recall === undefined ? '' : recall.toFixed(3)} | ${note ?? ''} |`);
  }
}

/** Prints what was asked for beside what was measured. */
export function printLines(lines: readonly Line[]): void {
  print('\n| work | against | target | measured | met |\n|---|---|---|---|---|');
  for (const { work, against, target, measured, isMet } of lines) {
    print(`| ${work} | ${against} | ${target} | ${measured} | ${isMet ? 'yes' : 'no'} |`);
  }
}

/** Writes a time with the unit that suits it. */
export function time(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds >= 0.1 ? `${milliseconds.toFixed(2)} ms` : `${(milliseconds * 1000).toFixed(1)} µs`;
}

/** Compares with a peer that should be slower. */
export function faster(work: string, against: string, ours: number, theirs: number, times: number): Line {
  const ratio = theirs / ours;
  return {
    work,
    against,
    target: `${times} times faster`,
    measured: `${ratio.toFixed(1)} times`,
    isMet: ratio >= times,
  };
}

/** Compares with a peer that may be faster, but not by more than this. */
export function within(work: string, against: string, ours: number, theirs: number, times: number): Line {
  const ratio = ours / theirs;
  return {
    work,
    against,
    target: `at most ${times} times`,
    measured: `${ratio.toFixed(2)} times`,
    isMet: ratio <= times,
  };
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
