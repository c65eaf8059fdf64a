import type { SqlValue } from '../connection/driver.ts';
import { InvalidInputError } from '../errors/index.ts';
import type { NamesOf } from '../known-names/known-names.ts';
import { type ProjectChoice, projectIdOf } from '../known-names/no-project.ts';
import { requireArray, requireInteger, requireObject } from '../validation.ts';

/** One page of a list. Both may be given alone; 0 rows is a valid limit. */
export interface Page {
  readonly limit?: number | null | undefined;
  readonly offset?: number | null | undefined;
}

/** The names of a {@link Page}. */
export const PAGE_NAMES: NamesOf<Page> = { limit: true, offset: true };

/** Collects the conditions of a WHERE clause and the values they bind. A condition whose value is absent is left out. */
export class Filter {
  readonly #conditions: string[] = [];
  readonly #parameters: Record<string, SqlValue> = {};

  /** Adds `column = value`. `column` is never a caller's text. */
  equals(column: string, value: SqlValue | undefined): this {
    return value === undefined ? this : this.where(`${column} = @${this.#bind(value)}`);
  }

  /** Asks for the rows of a project, or for those of none. */
  ofProject(column: string, projectId: ProjectChoice | undefined): this {
    if (projectId === undefined) return this;
    const id = projectIdOf(projectId);
    return id === null ? this.where(`${column} IS NULL`) : this.equals(column, id);
  }

  /** Adds `column >= value`. */
  atLeast(column: string, value: SqlValue | undefined): this {
    return value === undefined ? this : this.where(`${column} >= @${this.#bind(value)}`);
  }

  /** Adds `column <= value`. */
  atMost(column: string, value: SqlValue | undefined): this {
    return value === undefined ? this : this.where(`${column} <= @${this.#bind(value)}`);
  }

  /** Adds `column IN (values)`, whatever their number: they travel as one JSON parameter. */
  oneOf(column: string, values: readonly (string | number)[] | undefined): this {
    if (values === undefined) return this;
    for (const value of requireArray(values, column)) {
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new InvalidInputError(column, 'expected strings or numbers');
    }
    return this.where(`${column} IN (SELECT value FROM json_each(@${this.#bind(JSON.stringify(values))}))`);
  }

  /** Adds a condition as written, with the values it names. */
  where(condition: string, parameters: Readonly<Record<string, SqlValue>> = {}): this {
    this.#conditions.push(condition);
    Object.assign(this.#parameters, parameters);
    return this;
  }

  /** Returns `WHERE ...`, or nothing where there is no condition. */
  clause(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }

  /** Returns the values of all conditions, with those given here. */
  parameters(more: Readonly<Record<string, SqlValue>> = {}): Readonly<Record<string, SqlValue>> {
    return { ...this.#parameters, ...more };
  }

  #bind(value: SqlValue): string {
    const name = `filter${this.#conditions.length}`;
    this.#parameters[name] = value;
    return name;
  }
}

/** The text that a page appends to a query; its values are those of {@link pageParameters}. */
export const PAGE_CLAUSE = 'LIMIT @limit OFFSET @offset';

/** Checks a page and returns its values. Without a limit, SQLite reads -1 as "all". */
export function pageParameters(page: Page, defaultLimit = -1): { limit: number; offset: number } {
  requireObject(page, 'page');
  return {
    limit:
      page.limit === undefined || page.limit === null ? defaultLimit : requireInteger(page.limit, 'limit', { min: 0 }),
    offset: requireInteger(page.offset ?? 0, 'offset', { min: 0 }),
  };
}
