import { applyEdit, type Kind, type Mutator, rangeOf } from '../change.ts';
import { staysParsable } from './is-parsable.ts';
import { editsOf, type SqlEdit } from './rules.ts';
import { type Statement, splitStatements } from './statements.ts';
import { HOLE, isLikelySql, type Token, tokenize } from './tokens.ts';

/** Changes the SQL in the texts of a program: conditions, orders, assignments, constraints, triggers, statements. */
export const mutateSql: Mutator = ({ node, parent, source }) => {
  if (node.type !== 'StringLiteral' && node.type !== 'TemplateLiteral') return [];
  if (parent?.type === 'ImportDeclaration' || parent?.type === 'ExportNamedDeclaration') return [];
  const { start, end } = rangeOf(node);
  const from = start + 1;
  let sql = source.slice(from, end - 1);
  for (const hole of node.type === 'TemplateLiteral' ? node.expressions : []) {
    // The range of an expression leaves out `${` and `}`, and comments beside it.
    const first = sql.lastIndexOf('${', rangeOf(hole).start - from);
    const last = sql.indexOf('}', rangeOf(hole).end - from);
    sql = sql.slice(0, first) + HOLE.repeat(last + 1 - first) + sql.slice(last + 1);
  }
  if (!isLikelySql(sql)) return [];
  return sqlEdits(sql).map((edit) => ({ ...edit, start: edit.start + from, end: edit.end + from, kind: kindOf(edit) }));
};

/** Proposes edits of a string of SQL, each of which SQLite can still read. */
export function sqlEdits(sql: string): SqlEdit[] {
  const tokens = tokenize(sql);
  const statements = splitStatements(tokens);
  const edits = [
    // An index that is not unique changes how fast answers come, not which ones.
    ...statements.filter(({ tokens: own }) => openingOf(own) !== 'CREATE INDEX').flatMap((one) => editsOf(one.tokens)),
    ...droppedStatements(tokens, statements),
  ];
  return edits.filter((edit) => staysParsable(sql, applyEdit(sql, edit)));
}

function kindOf({ what }: SqlEdit): Kind {
  return what.startsWith('IMMEDIATE') ? 'transaction' : 'sql';
}

/** Statements whose absence every test would notice, or, for an index that only saves time, none should. */
const NEVER_DROPPED = /^CREATE (VIRTUAL TABLE|TABLE|VIEW|INDEX)/;

function droppedStatements(tokens: readonly Token[], statements: readonly Statement[]): SqlEdit[] {
  return statements.flatMap(({ tokens: own, body }) => {
    const inBody = droppedStatements(tokens, body);
    const start = own[0]?.start ?? 0;
    const last = own.at(-1);
    const opening = openingOf(own);
    if (last === undefined || statements.length < 2 || NEVER_DROPPED.test(opening)) return inBody;
    const next = tokens[tokens.indexOf(last) + 1];
    const end = next?.text === ';' ? next.end : last.end;
    return [{ start, end, text: '', what: `drop ${opening}` }, ...inBody];
  });
}

/** Returns the words that say what a statement does. */
function openingOf(tokens: readonly Token[]): string {
  if (tokens[0]?.kind === 'hole') return 'a part of a script';
  return tokens
    .slice(0, 3)
    .filter(({ text }) => /^[A-Z]+$/.test(text))
    .map(({ text }) => text)
    .join(' ');
}
