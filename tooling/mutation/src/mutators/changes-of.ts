import { parse } from '@babel/parser';
import { traverse } from '@babel/types';
import { applyEdit, type Change, type Mutator } from './change.ts';
import { mutateConditions } from './conditions.ts';
import { mutateOperators } from './operators.ts';
import { mutateSql } from './sql/sql.ts';
import { mutateStatements } from './statements.ts';
import { mutateTransactions } from './transactions.ts';

const MUTATORS: readonly Mutator[] = [
  mutateOperators,
  mutateConditions,
  mutateStatements,
  mutateTransactions,
  mutateSql,
];

/** Expressions that carry a type. Whatever else begins with TS is a type, and does nothing. */
const TYPED_EXPRESSIONS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

/** Parses a module of this repository. */
export function parseModule(source: string) {
  return parse(source, { sourceType: 'module', plugins: ['typescript'] });
}

/** Finds every change of a module that the mutators propose, in the order of their places; each result only once. */
export function changesOf(source: string): Change[] {
  const changes = new Map<string, Change>();
  traverse(parseModule(source), {
    enter(node, ancestors) {
      if ([...ancestors.map((ancestor) => ancestor.node), node].some(({ type }) => isType(type))) return;
      const place = { node, parent: ancestors.at(-1)?.node, source };
      for (const change of MUTATORS.flatMap((mutator) => mutator(place))) {
        const key = resultOf(source, change);
        if (!changes.has(key)) changes.set(key, change);
      }
    },
  });
  return [...changes.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

function isType(type: string): boolean {
  return type.startsWith('TS') && !TYPED_EXPRESSIONS.has(type);
}

/** Two edits with the same result differ only in text that both leave as it is: this leaves that out. */
function resultOf(source: string, change: Change): string {
  const edited = applyEdit(source, change);
  const limit = Math.min(source.length, edited.length);
  let start = 0;
  while (start < limit && source[start] === edited[start]) start++;
  let end = 0;
  while (end < limit - start && source.at(-1 - end) === edited.at(-1 - end)) end++;
  return JSON.stringify([start, source.length - end, edited.slice(start, edited.length - end)]);
}
