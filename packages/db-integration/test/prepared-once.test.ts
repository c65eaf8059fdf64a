import { temporaryDatabase } from '@codebuddy/db-core/testing';
import {
  AnalyticsRepository,
  CacheRepository,
  CheckpointRepository,
  EmbeddingRepository,
  MemoryRepository,
  PersistentAnalytics,
  PersistentLearning,
  SessionRepository,
} from '@codebuddy/db-integration';
import { expect, it, vi } from 'vitest';

it('prepares each text of SQL once for a connection, however many repositories use it', async () => {
  using database = await temporaryDatabase();
  const { db } = database;
  const prepare = vi.spyOn(db, 'prepare');
  const constructAll = () => [
    new MemoryRepository(db),
    new SessionRepository(db),
    new CheckpointRepository(db),
    new EmbeddingRepository(db),
    new AnalyticsRepository(db),
    new CacheRepository(db),
    new PersistentAnalytics({}, { db }),
    new PersistentLearning({ db }),
  ];
  constructAll();
  const texts = prepare.mock.calls.map(([sql]) => sql);
  expect(texts.length).toBeLessThanOrEqual(202);
  expect(new Set(texts).size).toBe(texts.length);
  constructAll();
  expect(prepare).toHaveBeenCalledTimes(texts.length);
});
