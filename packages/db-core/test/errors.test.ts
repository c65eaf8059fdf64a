import { expect, it } from 'vitest';
import * as built from '../dist/index.js';
import { BusyError, DatabaseError, hasErrorCode, InvalidInputError, toDatabaseError } from '../src/index.ts';

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
