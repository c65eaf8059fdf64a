import { describe, expect, it } from 'vitest';
import { checkRawSql, findRawSql, RAW_DRIVER } from '../../src/rules/raw-sql.ts';
import { openProgram } from '../../src/typed-program.ts';
import { sourcePaths } from '../../src/workspace.ts';

const HEAD = `
import type { Database, DatabaseManager } from '@codebuddy/db-core';
import { contextOf, PreparedStatement } from '@codebuddy/db-core/internal';
declare const db: Database; declare const manager: DatabaseManager;
const expression = /x/;
`;

/** What is refused, a body a line. */
const REFUSED = [
  "db.exec('DELETE FROM memories');",
  "db.prepare('SELECT 1').all();",
  "db.pragma('synchronous = OFF');",
  'db.transaction(() => 1)();',
  "db?.exec('DELETE FROM memories');",
  "db['exec']('DELETE FROM memories');",
  'const { exec } = db; exec;',
  'const { prepare: make } = db; make;',
  "const connection = manager.getDatabase(); connection.exec('DELETE FROM memories');",
  "manager.exec('DELETE FROM memories');",
  "manager.prepare('SELECT 1');",
  "new PreparedStatement(db, 'SELECT 1', 'test');",
  "contextOf(db).prepare('SELECT 1', 'test');",
  "contextOf(db).dynamicStatements.prepare('SELECT 1', 'test');",
];

const ALLOWED = ["expression.exec('x');", 'manager.transaction(() => 1);', 'db.inTransaction;', 'db.close();'];

const [samples, names] = [new Map<string, string>(), new Map<string, string>()];
for (const [i, body] of [...REFUSED, ...ALLOWED].entries()) {
  const path = `packages/db-memory/src/sample-${i}.ts`;
  samples.set(path, HEAD + body);
  names.set(body, path);
}
samples.set('packages/db-memory/src/statements.ts', HEAD + REFUSED.join('\n'));
samples.set(
  'packages/db-core/src/sql/sample.ts',
  "import type { Database } from '../connection/driver.ts';\n" +
    "export const run = (db: Database) => db.exec('DELETE');",
);
samples.set(
  'packages/db-core/src/ranking/sample.ts',
  "import type { Database } from '../connection/driver.ts';\n" +
    "export const run = (db: Database) => db.exec('DELETE');",
);

const { files, checker } = openProgram([], Object.fromEntries(samples));
const check = (path: string) => {
  const file = files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`There is no sample ${path}`);
  return checkRawSql(file, checker);
};

const core = openProgram(sourcePaths().filter((path) => path.startsWith('packages/db-core/src/')));

describe('SQL', () => {
  it.each(REFUSED)('is refused in any file of a slice: %s', (body) =>
    expect(check(names.get(body) ?? '')).toHaveLength(1),
  );

  it.each(ALLOWED)('is not seen where there is none: %s', (body) => expect(check(names.get(body) ?? '')).toEqual([]));

  it('is prepared in statements.ts, though never on the connection itself', () => {
    const messages = check('packages/db-memory/src/statements.ts').map(({ message }) => message);
    expect(messages).toHaveLength(REFUSED.length - 3);
    expect(messages.filter((message) => message.includes('prepares a statement'))).toEqual([]);
  });

  it('reaches the driver from the parts of db-core that say why, and from no other', () => {
    expect(check('packages/db-core/src/sql/sample.ts')).toEqual([]);
    expect(check('packages/db-core/src/ranking/sample.ts')).toHaveLength(1);
  });

  it.each(Object.keys(RAW_DRIVER))('is allowed in db-core/src/%s, which has need of it', (place) => {
    const inside = core.files.filter(({ path }) => path.startsWith(`packages/db-core/src/${place}`));
    expect(inside.flatMap((file) => findRawSql(file, core.checker))).not.toEqual([]);
  });
});
