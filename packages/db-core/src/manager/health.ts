import { connect } from '../connection/connect.ts';
import { watchOf } from '../connection/connection-watch.ts';
import type { Database } from '../connection/driver.ts';
import { logBytes } from '../connection/write-ahead-log.ts';
import { DatabaseError, toDatabaseError } from '../errors/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import { databaseBytes } from './statistics.ts';

/** The depths of a health check. */
export const INTEGRITY_CHECKS = ['none', 'quick', 'full'] as const;

/** The depth of a health check: nothing, every page (`quick`), or every index entry as well (`full`). */
export type IntegrityCheck = (typeof INTEGRITY_CHECKS)[number];

/** The report of a health check. */
export interface Health {
  readonly ok: boolean;
  /** The time that one small query took, in milliseconds. */
  readonly latencyMs: number;
  /** Bytes of all pages. */
  readonly sizeBytes: number;
  /** Bytes of the write-ahead log. */
  readonly walSizeBytes: number;
  /** The problems that the check found; empty if it found none or was not asked for. */
  readonly problems: readonly string[];
}

/** SQLite stops at this many problems. */
const MAX_PROBLEMS = 20;

/** Asks the database one small question, and checks its integrity if wanted. It reports errors, it throws none. */
export function checkHealth(db: Database, integrity: IntegrityCheck): Health {
  const start = performance.now();
  try {
    watchOf(db).look();
    contextOf(db).prepare('SELECT count(*) AS versions FROM schema_version', 'database.checkHealth').one();
    const latencyMs = performance.now() - start;
    const problems = integrity === 'none' ? [] : findProblems(db, integrity);
    return { ok: problems.length === 0, latencyMs, sizeBytes: databaseBytes(db), walSizeBytes: logBytes(db), problems };
  } catch (cause) {
    const error = toDatabaseError(cause, 'database.checkHealth');
    if (!DatabaseError.isInstance(error)) throw cause;
    return {
      ok: false,
      latencyMs: performance.now() - start,
      sizeBytes: 0,
      walSizeBytes: 0,
      problems: [error.message],
    };
  }
}

/**
 * Looks through a connection of its own: full-text tables keep a picture of their index, and an integrity check in a
 * connection that saw an earlier one takes what other processes have written since for damage (SQLite 3.54.1).
 */
function findProblems(db: Database, integrity: 'quick' | 'full'): string[] {
  if (db.memory) return askForProblems(db, integrity);
  const fresh = connect(db.name, { readonly: true });
  try {
    return askForProblems(fresh, integrity);
  } finally {
    fresh.close();
  }
}

/** Asks one connection: one that has seen no earlier state, unless the database is in memory. */
export function askForProblems(db: Database, integrity: 'quick' | 'full'): string[] {
  const pragma = integrity === 'quick' ? 'quick_check' : 'integrity_check';
  const rows = db.pragma(`${pragma}(${MAX_PROBLEMS})`);
  const findings = Array.isArray(rows) ? rows.flatMap((row) => Object.values(Object(row))) : [rows];
  return findings.map(String).filter((finding) => finding !== 'ok');
}
