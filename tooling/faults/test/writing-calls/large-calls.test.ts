import { statSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { resetDatabaseSystem } from '@codebuddy/db-integration';
import { afterEach, describe, expect, it } from 'vitest';
import { scaled } from '../../src/scale.ts';
import { LARGE_CALLS } from '../../src/writing-calls/large-calls.ts';
import { openStage } from '../../src/writing-calls/trial.ts';

const MAX_LOG_BYTES = 16_000_000;

/** Imports and new vectors are stored in batches: one of 200 rows, or of 64 vectors. */
const BYTES_OF_A_BATCH = 8_000_000;

afterEach(resetDatabaseSystem);

describe('the log', () => {
  it.each(Object.entries(LARGE_CALLS))(
    'is cut back after %s',
    async (_name, { prepare, make }) => {
      using folder = new TemporaryFolder();
      const path = folder.join('agent.db');
      const stage = await openStage(folder.join('files'), { dbPath: path });
      // Waiting for the disk changes no size.
      stage.db.pragma('synchronous = OFF');
      const logBytes = () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      await prepare?.(stage);
      // Between the batches of a call that takes many transactions.
      let largest = 0;
      const watch = setInterval(() => {
        largest = Math.max(largest, logBytes());
      });
      try {
        await make(stage);
      } finally {
        clearInterval(watch);
      }
      expect(logBytes()).toBeLessThanOrEqual(MAX_LOG_BYTES);
      expect(largest).toBeLessThanOrEqual(MAX_LOG_BYTES + BYTES_OF_A_BATCH);
      expect(statSync(path).size).toBeGreaterThan(MAX_LOG_BYTES);
    },
    scaled(120_000, 600_000),
  );
});
