import { formatValue, VALUE } from './columns.ts';
import type { Entries } from './entry.ts';
import { drawTable } from './tables.ts';

const FIGURE = new RegExp(`<!-- =([\\w.-]+) -->(?:${VALUE})?`, 'g');
const TABLE = /<!-- table: ([\w-]+\??(?:, (?:rows|columns)(?: [\w-]+)+)*) -->\n[\s\S]*?<!-- end of table -->/g;

/** A page with its figures. */
export interface FilledPage {
  readonly text: string;
  /** Names that stand in the page and have no figure. */
  readonly problems: readonly string[];
}

/**
 * Fills the figures and tables of a page in.
 *
 * @example
 * ```ts
 * fillIn('It takes <!-- =search.fast.time -->1 ms.', entries).text; // 'It takes <!-- =search.fast.time -->0.93 ms.'
 * ```
 */
export function fillIn(page: string, entries: Entries): FilledPage {
  const problems: string[] = [];
  const attempt = (name: string, before: string, make: () => string) => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(`${name}: ${error.message}`);
      return before;
    }
  };
  const text = page
    .replace(FIGURE, (before, path: string) =>
      attempt(path, before, () => `<!-- =${path} -->${figureOf(path, entries)}`),
    )
    .replace(TABLE, (before, name: string) =>
      attempt(name, before, () => `<!-- table: ${name} -->\n\n${drawTable(name, entries)}\n\n<!-- end of table -->`),
    );
  return { text, problems };
}

/** Blanks out the figures and tables of a page, and the comments that name them: everything else stays where it was. */
export function withoutFigures(page: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  return page.replace(FIGURE, blank).replace(TABLE, blank);
}

/**
 * Returns a figure by its path: `search.fast.time` is a value of a row, `search.goals.exact-app` the ratio of a goal.
 */
function figureOf(path: string, entries: Entries): string {
  const [name = '', part = '', column = ''] = path.split('.');
  const entry = entries[name];
  if (entry === undefined) throw new RangeError(`there are no figures of ${name}`);
  if (part === 'goals') {
    const goal = entry.goals?.[column];
    if (goal === undefined) throw new RangeError(`${name} has no goal ${column}`);
    return formatValue('ratio', goal.ratio);
  }
  const value = entry.rows[part]?.values[column];
  if (value === undefined) throw new RangeError(`${name} has no value ${part}.${column}`);
  return formatValue(column, value);
}
