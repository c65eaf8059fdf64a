import { watchOf } from './connection-watch.ts';
import type { Database, DriverStatement, DriverTransaction } from './driver.ts';
import { shortenLog } from './write-ahead-log.ts';

const COMPLETED = new WeakSet<DriverStatement>();

/**
 * Makes every write of a connection end as {@link completeWrites} says, whichever of the driver's calls it is made by:
 * callers who write SQL of their own are as safe as we are.
 */
export function completeWritesOf(db: Database): Database {
  const prepare = db.prepare.bind(db);
  const exec = db.exec.bind(db);
  const transaction = db.transaction.bind(db);
  db.prepare = (sql) => completeWrites(db, prepare(sql));
  db.exec = (sql) => complete(db, () => exec(sql));
  db.transaction = (body) => completeTransaction(db, transaction(body));
  return db;
}

/**
 * Makes a statement that writes end in full: it runs to its end on every call, and afterwards the log is as short as it
 * should be. The driver's own `get` and `iterate` leave a statement that both writes and returns rows after a row: SQLite
 * then commits while the statement is reset, where the driver drops the error of a commit that failed, and where no
 * checkpoint follows.
 */
export function completeWrites(db: Database, statement: DriverStatement): DriverStatement {
  // A COMMIT counts as read-only, but returns no rows.
  if ((statement.reader && statement.readonly) || COMPLETED.has(statement)) return statement;
  const run = statement.run.bind(statement);
  // What writes rows can't end a transaction that it finds open.
  const staysInside = !statement.readonly;
  statement.run = (...parameters) =>
    staysInside && db.inTransaction ? run(...parameters) : complete(db, () => run(...parameters));
  if (statement.reader) {
    const all = statement.all.bind(statement);
    statement.all = (...parameters) => complete(db, () => all(...parameters));
    statement.get = (...parameters) => statement.all(...parameters)[0];
    statement.iterate = (...parameters) => statement.all(...parameters).values();
  }
  COMPLETED.add(statement);
  return statement;
}

/** Looks at the file before a call that may begin to write, and after the log when it may have been the end of a write. */
function complete<Result>(db: Database, call: () => Result): Result {
  const startedAt = performance.now();
  if (!db.inTransaction) watchOf(db).check(startedAt, true);
  const result = call();
  if (!db.inTransaction) shortenLog(db, startedAt);
  return result;
}

function completeTransaction<Arguments extends unknown[], Result>(
  db: Database,
  transaction: DriverTransaction<Arguments, Result>,
): DriverTransaction<Arguments, Result> {
  const completed = (call: (...parameters: Arguments) => Result) =>
    function (this: unknown, ...parameters: Arguments): Result {
      return complete(db, () => Reflect.apply(call, this, parameters));
    };
  const { immediate, deferred = transaction, exclusive = transaction } = transaction;
  return Object.assign(completed(transaction), {
    database: db,
    default: completed(transaction),
    deferred: completed(deferred),
    immediate: completed(immediate),
    exclusive: completed(exclusive),
  });
}
