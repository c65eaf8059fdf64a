import { formatTarget, formatValue, headingOf, isMet } from './columns.ts';
import type { Entries, Entry } from './entry.ts';

/** Tables that are made of all entries. */
const OVERALL: Readonly<Record<string, (entries: Entries) => string>> = {
  goals: goalTable,
  counts: countTable,
  runs: runTable,
};

/**
 * Draws the table of an entry, or one of all entries: `goals` compares what was asked for with what was measured, `counts` has
 * what tests counted, `runs` when and how everything else was measured.
 *
 * @param asked - the name of the entry; with a question mark after it, a sentence takes the place of one that is not there yet.
 *   Rows and columns can be chosen: `search, rows exact fast, columns time recall`
 * @throws RangeError when there is no such entry, row or column
 */
export function drawTable(asked: string, entries: Entries): string {
  const [name = '', ...choices] = asked.split(',').map((part) => part.trim());
  const [known = '', mayBeMissing] = name.split(/(\?)$/);
  if (mayBeMissing !== undefined && entries[known] === undefined) return 'No run has been kept yet.';
  const overall = OVERALL[known];
  if (overall !== undefined) return overall(entries);
  const entry = entries[known];
  if (entry === undefined) throw new RangeError(`there are no figures of ${name}`);
  const chosen = Object.fromEntries(choices.map((choice) => [choice.split(' ')[0], choice.split(' ').slice(1)]));
  return rowTable(entry, chosen);
}

interface Chosen {
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
}

function rowTable(entry: Entry, chosen: Chosen): string {
  const ids = chosen.rows ?? Object.keys(entry.rows);
  const columns = chosen.columns ?? [
    ...new Set(Object.values(entry.rows).flatMap(({ values }) => Object.keys(values))),
  ];
  return drawAligned(
    ['', ...columns.map(headingOf)],
    ids.map((id) => {
      const row = entry.rows[id];
      if (row === undefined) throw new RangeError(`there is no row ${id}`);
      return [
        row.label,
        ...columns.map((column) => (row.values[column] === undefined ? '' : formatValue(column, row.values[column]))),
      ];
    }),
  );
}

function goalTable(entries: Entries): string {
  const goals = Object.values(entries).flatMap((entry) => Object.values(entry.goals ?? {}));
  return drawAligned(
    ['work', 'against', 'goal', 'measured', 'met'],
    goals.map((goal) => [
      goal.work,
      goal.against,
      formatTarget(goal),
      formatValue('ratio', goal.ratio),
      isMet(goal) ? 'yes' : 'no',
    ]),
  );
}

function runTable(entries: Entries): string {
  return drawAligned(
    ['figures', 'command', 'day', 'commit', 'machine'],
    Object.values(entries)
      .filter((entry) => !isCounted(entry))
      .map(({ title, command, date, commit, machine }) => [title, command, date, commit, machine]),
  );
}

function countTable(entries: Entries): string {
  return drawAligned(
    ['what is done', 'how often', 'command', 'day', 'commit'],
    Object.values(entries)
      .filter(isCounted)
      .map(({ title, rows, command, date, commit }) => [
        title,
        Object.values(rows)
          .map(({ label, values: { count = 0 } }) => `${formatValue('count', count)} ${label}`)
          .join(', '),
        `\`${command}\``,
        date,
        commit,
      ]),
  );
}

/** Tells whether an entry was counted by a test, rather than measured. */
function isCounted({ rows }: Entry): boolean {
  const counts = Object.values(rows).map(({ values }) => values['count']);
  return counts.length > 0 && counts.every((count) => count !== undefined);
}

/** Draws a Markdown table whose columns are aligned. */
export function drawAligned(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const row = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n');
}
