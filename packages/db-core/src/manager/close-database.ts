import { toDatabaseError } from '../errors/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import { tidyUp } from '../sql/tidy-up.ts';
import { releaseVectorMemory } from '../vector-index/memory-budget.ts';
import type { OpenDatabase } from './open-database.ts';

/** Closes a connection, after what can be written without waiting for others. */
export function closeDatabase({ db, copy }: OpenDatabase): void {
  const context = contextOf(db);
  try {
    context.writeUsage();
    tidyUp(db);
  } catch (cause) {
    context.warn(`Closing left the write-ahead log as it is: ${toDatabaseError(cause, 'database.close')}`);
  } finally {
    db.close();
    copy?.[Symbol.dispose]();
    releaseVectorMemory();
  }
}
