import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { type Clock, type Database, DatabaseError } from '@codebuddy/db-core';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, SessionRepository } from '@codebuddy/db-sessions';
import { callByName } from '../call-by-name.ts';

/** Every repository, on one connection. */
export type Repositories = ReturnType<typeof openRepositories>;

/** A call of a repository, as it can be sent to another process. */
export interface RepositoryCall {
  readonly repository: keyof Repositories;
  readonly call: string;
  readonly args: readonly unknown[];
}

export function openRepositories(db: Database, clock: Clock) {
  return {
    memories: new MemoryRepository(db, { clock }),
    sessions: new SessionRepository(db, { clock }),
    checkpoints: new CheckpointRepository(db, { clock }),
    cache: new CacheRepository(db, { clock }),
    chunks: new EmbeddingRepository(db, { clock }),
    analytics: new AnalyticsRepository(db, { clock, timeZone: 'UTC' }),
  };
}

/** What a call came to: its result, or the code of its error. */
export function outcomeOf(repositories: Repositories, { repository, call, args }: RepositoryCall): unknown {
  const target = repositories[repository];
  try {
    return callByName(target, call, args);
  } catch (error) {
    if (DatabaseError.isInstance(error)) return error.code;
    throw error;
  }
}
