import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as built from '../dist/index.js';
import { BusyError, CorruptError, DatabaseError, hasErrorCode, InvalidInputError } from '../src/index.ts';
import { toDatabaseError } from '../src/internal.ts';
import { temporaryDatabase } from '../src/testing/index.ts';

const driverError = (code: string) => Object.assign(new Error('as the driver says'), { code });

it.each([
  ['SQLITE_BUSY', 'DB_BUSY', true],
  ['SQLITE_BUSY_SNAPSHOT', 'DB_BUSY', true],
  ['SQLITE_CONSTRAINT_UNIQUE', 'DB_CONSTRAINT', false],
  ['SQLITE_CORRUPT_VTAB', 'DB_CORRUPT', false],
  ['SQLITE_NOTADB', 'DB_FOREIGN_FILE', false],
  ['SQLITE_READONLY_DIRECTORY', 'DB_READ_ONLY', false],
  ['SQLITE_FULL', 'DB_DISK_FULL', true],
  ['SQLITE_IOERR_WRITE', 'DB_IO', false],
  ['SQLITE_CANTOPEN', 'DB_CANNOT_OPEN', false],
  ['SQLITE_TOOBIG', 'DB_TOO_LARGE', false],
  ['SQLITE_ERROR', 'DB_QUERY_FAILED', false],
])('the driver code %s becomes %s', (code, expected, retryable) => {
  const cause = driverError(code);
  expect(toDatabaseError(cause, 'memories.create')).toMatchObject({
    code: expected,
    retryable,
    cause,
    operation: 'memories.create',
  });
});

it.each([
  ['ENOENT', 'DB_CANNOT_OPEN'],
  ['EACCES', 'DB_CANNOT_OPEN'],
  ['ENAMETOOLONG', 'DB_CANNOT_OPEN'],
  ['EROFS', 'DB_READ_ONLY'],
  ['ENOSPC', 'DB_DISK_FULL'],
  ['EMFILE', 'DB_IO'],
])('the system code %s becomes %s', (code, expected) => {
  const cause = Object.assign(driverError(code), { syscall: 'open' });
  expect(toDatabaseError(cause, 'database.backup')).toMatchObject({ code: expected, cause });
});

it('leaves errors alone that are neither the driver’s nor the system’s', () => {
  for (const error of [
    new Error('mine'),
    driverError('ENOENT'),
    'text',
    undefined,
    new InvalidInputError('limit', 'more'),
  ]) {
    expect(toDatabaseError(error)).toBe(error);
  }
});

it('knows each class from the others, of this copy and of another', () => {
  class MyBusyError extends BusyError {}
  const errors = [new BusyError('b'), new built.BusyError('b'), new MyBusyError('b')];
  for (const error of errors) {
    expect([BusyError, DatabaseError, CorruptError].map((type) => type.isInstance(error))).toEqual([true, true, false]);
  }
  expect(MyBusyError.isInstance(new MyBusyError('b'))).toBe(true);
  for (const other of [new CorruptError('c'), new Error('DB_BUSY'), { code: 'DB_BUSY' }, null]) {
    expect(BusyError.isInstance(other)).toBe(false);
  }
});

it('classifies and recognises errors of another realm, as test runners make them', () => {
  const foreign: unknown = runInNewContext("Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' })");
  expect(foreign).not.toBeInstanceOf(Error);
  expect(toDatabaseError(foreign)).toMatchObject({ code: 'DB_BUSY' });
});

it('recognises the errors of another copy of this package', () => {
  const foreign = new built.BusyError('busy elsewhere');
  expect(foreign).not.toBeInstanceOf(BusyError);
  expect(DatabaseError.isInstance(foreign)).toBe(true);
  expect(hasErrorCode(foreign, 'DB_BUSY')).toBe(true);
  expect(built.DatabaseError.isInstance(new InvalidInputError('limit', 'more'))).toBe(true);
  expect(DatabaseError.isInstance(Object.assign(new Error('no'), { code: 'DB_BUSY' }))).toBe(false);
});

it('says what to do next', () => {
  expect(new InvalidInputError('limit', 'expected at least 0').message).toBe('Invalid limit: expected at least 0.');
  expect(toDatabaseError(driverError('SQLITE_FULL'))).toMatchObject({
    message: expect.stringContaining('Free some space'),
  });
});

describe('an error of SQLite', () => {
  it.each([
    ['near "FORM": syntax error', 'SELECT * FORM memories'],
    ['no such table: nowhere', 'SELECT * FROM nowhere'],
    ['no such column: contents', 'SELECT contents FROM memories'],
    ['no such function: glue', 'SELECT glue(1)'],
  ])('names what a statement gets wrong: %s', async (message, sql) => {
    using database = await temporaryDatabase();
    const failure = failureOf(() => database.manager.exec(sql));
    expect(failure).toMatchObject({ code: 'DB_QUERY_FAILED', message: `SQLite: ${message}.` });
  });

  it.each([
    ['a value in double quotes', 'SELECT * FROM memories WHERE content = "hush"'],
    ['a value without quotes around it', "SELECT * FROM memories WHERE content = 'a' 'hush'"],
    ['a value whose quotes do not end', "SELECT * FROM memories WHERE content = 'it''s hush"],
    ['a value whose quotes end too early', "SELECT * FROM memories WHERE content = 'it's hush'"],
    ['a column of several words', 'SELECT [hush hush] FROM memories'],
    ['a table of several words', 'SELECT * FROM "hush hush"'],
    ['a query of full text', `SELECT * FROM memories_fts WHERE memories_fts MATCH '"hush'`],
    ['a path into JSON', `SELECT json_extract('{}', 'hush hush')`],
  ])('tells nothing of %s', async (_, sql) => {
    using database = await temporaryDatabase();
    const failures = [
      failureOf(() => database.manager.exec(sql)),
      await database.manager.queryReadOnly(sql).catch((error: unknown) => error),
    ];
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: expect.stringMatching(/^DB_QUERY_(FAILED|REJECTED)$/) });
      expect(inspect(failure, { depth: Number.POSITIVE_INFINITY })).not.toContain('hush');
    }
  });
});

it('an error of a read-only query tells nothing of its parameters', async () => {
  using database = await temporaryDatabase();
  const sql = 'SELECT * FROM memories_fts WHERE memories_fts MATCH @words';
  for (const words of ['hush: word', '"hush', 'NEAR(hush']) {
    const failure = await database.manager
      .queryReadOnly(sql, { parameters: { words } })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DB_QUERY_FAILED' });
    expect(inspect(failure, { depth: Number.POSITIVE_INFINITY })).not.toContain('hush');
  }
});

function failureOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
