import { expect, it } from 'vitest';
import { applyEdit } from '../src/mutators/change.ts';
import { staysParsable } from '../src/mutators/sql/is-parsable.ts';
import { sqlEdits } from '../src/mutators/sql/sql.ts';

/** Returns the edits of one description, applied, with single spaces. */
function edited(what: string, sql: string): string[] {
  return sqlEdits(sql)
    .filter((edit) => edit.what === what)
    .map((edit) => applyEdit(sql, edit).replace(/\s+/g, ' ').trim());
}

const UPSERT = 'INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET a = max(a, excluded.a), b = 0';
const TRIGGER =
  'CREATE TRIGGER g AFTER UPDATE ON t WHEN new.a > 0 BEGIN DELETE FROM u; INSERT INTO u VALUES (new.a); END';

it.each([
  ['> to >=', 'SELECT a FROM t WHERE a > 1', ['SELECT a FROM t WHERE a >= 1']],
  ['drop WHERE', 'DELETE FROM t WHERE a = 1', ['DELETE FROM t']],
  ['drop WHERE', 'SELECT a FROM t WHERE a IN (SELECT b FROM u) ORDER BY a', ['SELECT a FROM t ORDER BY a']],
  [
    'drop a condition',
    'SELECT a FROM t WHERE (a = 1 OR b = 2) AND c BETWEEN 1 AND 2',
    [
      'SELECT a FROM t WHERE (b = 2) AND c BETWEEN 1 AND 2',
      'SELECT a FROM t WHERE (a = 1) AND c BETWEEN 1 AND 2',
      'SELECT a FROM t WHERE c BETWEEN 1 AND 2',
      'SELECT a FROM t WHERE (a = 1 OR b = 2)',
    ],
  ],
  ['drop a condition', 'a = 1 AND b = CASE WHEN c THEN 1 END', ['b = CASE WHEN c THEN 1 END', 'a = 1']],
  ['OR to AND', 'SELECT a FROM t WHERE a OR b', ['SELECT a FROM t WHERE a AND b']],
  ['OR to AND', 'INSERT OR IGNORE INTO t VALUES (1)', []],
  ['drop OR IGNORE', 'INSERT OR IGNORE INTO t VALUES (1)', ['INSERT INTO t VALUES (1)']],
  ['drop ON CONFLICT', 'INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING', ['INSERT INTO t VALUES (1)']],
  ['drop an assignment', UPSERT, [UPSERT.replace('a = max(a, excluded.a), ', ''), UPSERT.replace(', b = 0', '')]],
  ['max to min', UPSERT, [UPSERT.replace('max', 'min')]],
  ['DESC to ASC', 'SELECT a FROM t ORDER BY a DESC', ['SELECT a FROM t ORDER BY a ASC']],
  ['reverse the order', 'SELECT a FROM t ORDER BY a, b', ['SELECT a FROM t ORDER BY a DESC, b']],
  ['drop the last term of an order', 'SELECT a FROM t ORDER BY a, b DESC', ['SELECT a FROM t ORDER BY a']],
  ['drop LIMIT', 'SELECT a FROM t LIMIT @n', ['SELECT a FROM t']],
  ['drop LIMIT', 'SELECT a FROM t LIMIT 1', []],
  ['drop OFFSET', 'SELECT a FROM t LIMIT @n OFFSET @m', ['SELECT a FROM t LIMIT @n']],
  ['drop DISTINCT', 'SELECT count(DISTINCT a) FROM t', ['SELECT count( a) FROM t']],
  ['UNION to UNION ALL', 'SELECT 1 UNION SELECT 2', ['SELECT 1 UNION ALL SELECT 2']],
  ['IS to IS NOT', 'SELECT a FROM t WHERE a IS NULL', ['SELECT a FROM t WHERE a IS NOT NULL']],
  ['IS NOT to IS', 'SELECT a FROM t WHERE a IS NOT @b', ['SELECT a FROM t WHERE a IS @b']],
  ['drop NOT', 'SELECT a FROM t WHERE a NOT IN (1)', ['SELECT a FROM t WHERE a IN (1)']],
  ['drop NOT', 'CREATE TABLE IF NOT EXISTS t (a)', []],
  ['+ to -', 'UPDATE t SET a = a + 1', ['UPDATE t SET a = a - 1']],
  ['drop NOT NULL', 'CREATE TABLE t (a TEXT NOT NULL)', ['CREATE TABLE t (a TEXT)']],
  [
    'drop UNIQUE',
    'CREATE TABLE t (a TEXT UNIQUE, b, UNIQUE (a, b))',
    ['CREATE TABLE t (a TEXT, b, UNIQUE (a, b))', 'CREATE TABLE t (a TEXT UNIQUE, b)'],
  ],
  ['drop UNIQUE', 'CREATE UNIQUE INDEX i ON t(a)', ['CREATE INDEX i ON t(a)']],
  ['drop CHECK', 'CREATE TABLE t (a CHECK (a IN (1)), b)', ['CREATE TABLE t (a, b)']],
  ['drop ON DELETE', 'CREATE TABLE t (a REFERENCES u(a) ON DELETE SET NULL)', ['CREATE TABLE t (a REFERENCES u(a))']],
  ['drop WHEN', TRIGGER, [TRIGGER.replace('WHEN new.a > 0 ', '')]],
  ['drop DELETE FROM', TRIGGER, [TRIGGER.replace('DELETE FROM u; ', '')]],
  ['drop INSERT INTO', TRIGGER, [TRIGGER.replace('INSERT INTO u VALUES (new.a); ', '')]],
  ['drop CREATE TRIGGER', `DELETE FROM t; ${TRIGGER};`, ['DELETE FROM t;']],
  ['IMMEDIATE to DEFERRED', 'BEGIN IMMEDIATE', ['BEGIN DEFERRED']],
  ['ON to OFF', 'foreign_keys = ON', ['foreign_keys = OFF']],
  ['TRUNCATE to PASSIVE', 'wal_checkpoint(TRUNCATE)', ['wal_checkpoint(PASSIVE)']],
])('%s: %s', (what, sql, expected) => {
  expect(edited(what, sql)).toEqual(expected);
});

it('leaves alone an index that only saves time', () => {
  expect(sqlEdits('DELETE FROM t; CREATE INDEX i ON t(a DESC) WHERE a > 1').map(({ what }) => what)).toEqual([
    'drop DELETE FROM',
  ]);
});

it('proposes nothing that SQLite can not read', () => {
  expect(staysParsable('SELECT a FROM t WHERE a', 'SELECT a FROM t WHERE')).toBe(false);
  expect(staysParsable('a = 1 AND b', 'a = 1 AND')).toBe(false);
  expect(staysParsable('a = 1 AND b', 'a = 1')).toBe(true);
});
