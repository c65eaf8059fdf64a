import { analyticsCalls, analyticsReads } from './analytics.ts';
import { cacheCalls, cacheReads } from './cache.ts';
import { checkpointCalls, checkpointReads } from './checkpoints.ts';
import { coreCalls, coreReads } from './core.ts';
import { embeddingCalls, embeddingReads } from './embeddings.ts';
import { integrationCalls, integrationReads } from './integration.ts';
import { langGraphCheckpointerCalls } from './langgraph-checkpointer.ts';
import { memoryCalls, memoryReads } from './memory.ts';
import { sessionCalls, sessionReads } from './sessions.ts';
import type { WritingCalls } from './writing-call.ts';

/** Every public call that writes. */
export const WRITING_CALLS: WritingCalls = {
  ...coreCalls,
  ...memoryCalls,
  ...sessionCalls,
  ...checkpointCalls,
  ...langGraphCheckpointerCalls,
  ...embeddingCalls,
  ...analyticsCalls,
  ...cacheCalls,
  ...integrationCalls,
};

/** Every public method that writes nothing into the database. */
export const READING_METHODS: readonly string[] = [
  ...coreReads,
  ...memoryReads,
  ...sessionReads,
  ...checkpointReads,
  ...embeddingReads,
  ...analyticsReads,
  ...cacheReads,
  ...integrationReads,
];

/** The method or function that an entry is about: `DatabaseManager.prepare` of `DatabaseManager.prepare, returning a row`. */
export function calledName(entry: string): string {
  return entry.split(', ')[0] ?? entry;
}
