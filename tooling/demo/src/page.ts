import { styleText } from 'node:util';

const WIDTH = Math.min(process.stdout.columns ?? 100, 110);

/** What stands before and after a word that was found: a colour, or brackets if there are no colours. */
export const HIGHLIGHT: readonly [open: string, close: string] = highlight();

function highlight(): [string, string] {
  const [open = '', close = ''] = styleText(['bold', 'yellow'], '\0').split('\0');
  return open === '' ? ['[', ']'] : [open, close];
}

/** Prints a heading with a rule below it. */
export function heading(text: string): void {
  print('');
  print(styleText(['bold', 'cyan'], text));
  print(styleText('dim', '─'.repeat(Math.min(WIDTH, 78))));
}

/** Prints rows as columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    print(
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`,
    );
  }
}

/** Prints a line, and a dimmed one below it. */
export function item(line: string, detail: string): void {
  print(`  ${oneLine(line)}`);
  print(styleText('dim', `    ${oneLine(detail)}`));
}

/** Prints a line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Draws a bar in place on a terminal; elsewhere it prints nothing until the end. */
export function progressBar(label: string, share: number, count: number): void {
  if (process.stdout.isTTY !== true) return;
  const filled = Math.round(Math.min(share, 1) * 30);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(30 - filled)}`;
  process.stdout.write(`\r  ${label.padEnd(9)} ${bar} ${count.toLocaleString('en-US')}`);
}

/** Ends the bar's line. */
export function endProgressBar(): void {
  if (process.stdout.isTTY === true) process.stdout.write('\n');
}

/** Writes a duration: `12 ms`, `1.4 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1_000).toFixed(1)} s`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
