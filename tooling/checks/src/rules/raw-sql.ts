import ts from 'typescript';
import { type SourceFile, type Violation, violationAt, visit } from '../source-file.ts';

/**
 * Parts of db-core that use the driver itself, and why. Everywhere else SQL goes through `sql/`, the one place that knows
 * which statements write: there they run to their end, their commit is known, their errors are typed, and the log is cut back.
 */
export const RAW_DRIVER: Readonly<Record<string, string>> = {
  'connection/': 'opens the file and sets its pragmas',
  'sql/': 'is that place',
  'schema/': 'makes and upgrades tables, in a transaction that it commits itself',
  'recovery/': 'reads damaged files page by page, and writes files that nobody has open',
  'manager/database-manager.ts': 'hands the connection out, and closes it',
  'manager/erasure.ts': 'writes the file anew, and sets how full text deletes',
  'manager/health.ts': "asks for SQLite's integrity checks",
  'read-only-query/read-only-query-program.ts': "prepares a stranger's query on a connection that can't write",
  'vector-index/vector-index.ts': 'waits for nobody while it compacts',
};

/** What prepares statements in `sql/`, and the files that may ask for it. */
const PREPARERS = ['ConnectionContext', 'StatementCache'];
const PREPARES = /(?:^|\/)(?:statements|queries)\.ts$/;
const MAY_PREPARE: readonly string[] = ['manager/statistics.ts', 'domains/imports/import-ledger.ts'];

/** Calls of the driver's connection, and of the manager that hands it out, which run SQL. */
const RUNS_SQL = new Set(['prepare', 'exec', 'pragma', 'transaction', 'loadExtension']);
const CONNECTIONS = new Set(['Database', 'DatabaseManager']);
/** The manager's own transactions are those of `sql/`. */
const IS_SAFE = (owner: string, member: string) => owner === 'DatabaseManager' && member === 'transaction';

/** Refuses SQL outside the files that may have it, in the sources of published packages. */
export function checkRawSql(file: SourceFile, checker: ts.TypeChecker): Violation[] {
  const place = placeInCore(file);
  const isRaw = place !== undefined && Object.keys(RAW_DRIVER).some((raw) => place.startsWith(raw));
  return isRaw ? [] : findRawSql(file, checker);
}

/** Returns the part of a path below the sources of db-core. */
function placeInCore({ path }: SourceFile): string | undefined {
  const sources = 'packages/db-core/src/';
  return path.startsWith(sources) ? path.slice(sources.length) : undefined;
}

/** Finds the SQL of a file that is not prepared as it should be, even where the driver itself may be used. */
export function findRawSql(file: SourceFile, checker: ts.TypeChecker): Violation[] {
  const mayPrepare = PREPARES.test(file.path) || MAY_PREPARE.includes(placeInCore(file) ?? '');
  const violations: Violation[] = [];
  const refuse = (node: ts.Node, what: string) =>
    violations.push(
      violationAt(
        file,
        node.getStart(),
        `${what}; SQL is prepared in statements.ts, or in queries.ts where it is dynamic`,
      ),
    );
  visit(file, (node) => {
    if (ts.isNewExpression(node) && !mayPrepare && nameOf(checker.getTypeAtLocation(node)) === 'PreparedStatement')
      refuse(node, 'prepares a statement');
    for (const { object, member } of membersUsed(node)) {
      const owners = namesOf(checker.getTypeAtLocation(object));
      if (!mayPrepare && member === 'prepare' && owners.some((owner) => PREPARERS.includes(owner)))
        refuse(node, 'prepares a statement');
      const owner = owners.find((each) => CONNECTIONS.has(each));
      if (owner !== undefined && RUNS_SQL.has(member) && !IS_SAFE(owner, member))
        refuse(node, `uses ${owner}.${member}() itself`);
    }
  });
  return violations;
}

interface MemberUse {
  readonly object: ts.Node;
  readonly member: string;
}

/** The members that a node takes from an object: `db.exec`, `db?.exec`, `db['exec']`, `const { exec } = db`. */
function membersUsed(node: ts.Node): MemberUse[] {
  if (ts.isPropertyAccessExpression(node)) return [{ object: node.expression, member: node.name.text }];
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return [{ object: node.expression, member: node.argumentExpression.text }];
  if (!ts.isObjectBindingPattern(node)) return [];
  return node.elements.flatMap(({ propertyName, name }) => {
    const member = propertyName ?? name;
    return ts.isIdentifier(member) || ts.isStringLiteralLike(member) ? [{ object: node, member: member.text }] : [];
  });
}

/** The names of a type, or of each type that a union or intersection is made of; those of base classes too. */
function namesOf(type: ts.Type): string[] {
  if (type.isUnionOrIntersection()) return type.types.flatMap(namesOf);
  return [nameOf(type), ...(type.getBaseTypes() ?? []).map(nameOf)];
}

function nameOf(type: ts.Type): string {
  return (type.aliasSymbol ?? type.getSymbol())?.getName() ?? '';
}
