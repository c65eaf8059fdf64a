import { isDeepStrictEqual } from 'node:util';
import { InvalidInputError } from '@codebuddy/db-core';
import type { MatchCondition } from '@langchain/langgraph-checkpoint';

const COMPARISONS: Readonly<Record<string, (value: unknown, wanted: unknown) => boolean>> = {
  $eq: (value, wanted) => isSame(value, wanted),
  $ne: (value, wanted) => !isSame(value, wanted),
  $gt: (value, wanted) => toNumber(value) > toNumber(wanted),
  $gte: (value, wanted) => toNumber(value) >= toNumber(wanted),
  $lt: (value, wanted) => toNumber(value) < toNumber(wanted),
  $lte: (value, wanted) => toNumber(value) <= toNumber(wanted),
};

/**
 * Returns whether a value passes a filter: plain values must be equal, operators (`$eq`, `$ne`, `$gt`, `$gte`, `$lt`,
 * `$lte`) must all hold.
 *
 * @throws InvalidInputError when an operator is not known
 */
export function passes(value: Readonly<Record<string, unknown>>, filter: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(filter).every(([name, wanted]) => holds(value[name], wanted));
}

function holds(value: unknown, wanted: unknown): boolean {
  const operators = typeof wanted === 'object' && wanted !== null ? Object.entries(wanted) : [];
  if (!operators.some(([operator]) => operator.startsWith('$'))) return isSame(value, wanted);
  return operators.every(([operator, operand]) => {
    const compare = COMPARISONS[operator];
    if (compare === undefined) {
      throw new InvalidInputError('filter', `expected operators out of ${Object.keys(COMPARISONS).join(', ')}`);
    }
    return compare(value, operand);
  });
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

/** As LangGraph compares: texts of digits are numbers; what has no number is neither more nor less than any. */
function toNumber(value: unknown): number {
  return typeof value === 'symbol' || (typeof value === 'object' && value !== null) ? Number.NaN : Number(value);
}

/** Returns whether a namespace begins, or ends, as a condition says; `*` stands for any label. */
export function matches(namespace: readonly string[], { matchType, path }: MatchCondition): boolean {
  if (path.length > namespace.length) return false;
  const part = matchType === 'prefix' ? namespace.slice(0, path.length) : namespace.slice(-path.length);
  return path.every((label, index) => label === '*' || label === part[index]);
}
