import { statSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { resetDatabaseSystem } from '@codebuddy/db-integration';
import { afterEach, describe, expect, it } from 'vitest';
import { scaled } from '../../src/scale.ts';
import { LARGE_CALLS } from '../../src/writing-calls/large-calls.ts';
import { LogWatch } from '../../src/writing-calls/log-watch.ts';
import { openStage } from '../../src/writing-calls/trial.ts';

const MAX_LOG_BYTES = 16_000_000;

/** Of 200 rows, with their part of the indexes. */
const BYTES_OF_A_BATCH = 8_000_000;

afterEach(resetDatabaseSystem);

describe('the log', () => {
  it.each(Object.entries(LARGE_CALLS))(
    'holds one transaction during %s, and is cut back after it',
    async (_name, { prepare, make, inBatches = false }) => {
      using folder = new TemporaryFolder();
      const path = folder.join('agent.db');
      const stage = await openStage(folder.join('files'), { dbPath: path });
      // Waiting for the disk changes no size.
      stage.db.pragma('synchronous = OFF');
      await prepare?.(stage);
      const watch = await LogWatch.start(`${path}-wal`);
      await make(stage);
      const largest = await watch.end();
      const { size } = statSync(path);
      const after = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      expect(size).toBeGreaterThan(MAX_LOG_BYTES);
      // A transaction writes no page twice, so it is no larger than the database.
      expect(largest).toBeLessThanOrEqual(MAX_LOG_BYTES + (inBatches ? BYTES_OF_A_BATCH : size));
      expect(after).toBeLessThanOrEqual(MAX_LOG_BYTES);
    },
    scaled(120_000, 600_000),
  );
});
