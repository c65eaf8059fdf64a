import { type Database, DatabaseError, type DatabaseManager } from '@codebuddy/db-core';
import { toDatabaseError } from '@codebuddy/db-core/internal';
import { type DatabaseSystemConfig, initializeDatabaseSystem } from '@codebuddy/db-integration';
import { list } from '../consistency.ts';
import type { FindKeys, Stage, WritingCall } from './writing-call.ts';

/** The outcome of calls that were made one after the other. */
export interface Trial {
  /** The keys of the calls that returned. */
  readonly acknowledged: readonly string[];
  /** The code of the error that the next one was refused with; absent if none was. */
  readonly refusal?: string;
}

/** Opens the process's one database; `resetDatabaseSystem` closes it. */
export async function openStage(folder: string, config: DatabaseSystemConfig): Promise<Stage> {
  const manager: DatabaseManager = await initializeDatabaseSystem({ autoMigrate: false, ...config });
  return { manager, db: manager.getDatabase(), folder };
}

/** Makes a call for each key in turn, until one is refused. */
export async function makeCalls(
  call: WritingCall,
  stage: Stage,
  keys: readonly string[],
  afterEach: (key: string) => void = () => undefined,
): Promise<Trial> {
  const acknowledged: string[] = [];
  try {
    const make = await call.begin(stage);
    for (const key of keys) {
      await make(key);
      acknowledged.push(key);
      afterEach(key);
    }
    return { acknowledged };
  } catch (cause) {
    const error = call.ofDriver === true ? toDatabaseError(cause) : cause;
    if (!DatabaseError.isInstance(error)) throw error;
    return { acknowledged, refusal: error.code };
  }
}

/** Returns acknowledged writes that are missing, and writes that are there in part. */
export function findLosses(call: WritingCall, db: Database, keys: readonly string[], trial: Trial): string[] {
  const { stored, deleted, rows = 1, together = false } = call;
  const acknowledged = new Set(together && trial.acknowledged.length > 0 ? keys : trial.acknowledged);
  const losses = (find: FindKeys | undefined, rowsOfAcknowledged: number, what: string) => {
    if (find === undefined) return [];
    const found = new Map<string, number>();
    for (const key of typeof find === 'string' ? list(db, find) : find(db)) found.set(key, (found.get(key) ?? 0) + 1);
    const counts = keys.map((key) => ({ key, count: found.get(key) ?? 0 }));
    const isWhole = new Set(together ? counts.map(({ count }) => count) : [0]).size === 1;
    return [
      ...(isWhole ? [] : [`some of all were ${what}`]),
      ...counts
        .filter(({ key, count }) => (acknowledged.has(key) ? count !== rowsOfAcknowledged : count % rows !== 0))
        .map(({ key, count }) => `${key} should be ${what}: ${count} of ${rows} rows are there`),
    ];
  };
  return [...losses(stored, rows, 'stored'), ...losses(deleted, 0, 'deleted')];
}
