import { statSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { resetDatabaseSystem } from '@codebuddy/db-integration';
import { afterEach, describe, expect, it } from 'vitest';
import { IS_LONG, scaled } from '../../src/scale.ts';
import { WRITING_CALLS } from '../../src/writing-calls/index.ts';
import { keysFor, placesIn, prepareFile } from '../../src/writing-calls/prepared-file.ts';
import { makeCalls, openStage } from '../../src/writing-calls/trial.ts';

const MAX_LOG_BYTES = 16_000_000;

/** After so many pages the log is written into the database: a fiftieth of the default shows with few calls what many would. */
const PAGES = scaled(20, 1_000);
const CALLS = scaled(80, 20_000);
const LIMIT = scaled(500_000, MAX_LOG_BYTES);

afterEach(resetDatabaseSystem);

const calls = Object.entries(WRITING_CALLS).map(([name, call]) => ({ name, call }));

describe(`the log after each of ${CALLS} calls, which nobody else reads`, () => {
  it.each(calls)(
    'stays small: $name',
    async ({ name, call }) => {
      using folder = new TemporaryFolder();
      const keys = keysFor(call, CALLS);
      await prepareFile(folder.path, call, keys);
      const { path, files } = placesIn(folder.path);
      const stage = await openStage(files, { dbPath: path });
      stage.db.pragma(`wal_autocheckpoint = ${PAGES}`);
      // Waiting for the disk changes no size.
      stage.db.pragma('synchronous = OFF');
      let largest = 0;
      const trial = await makeCalls(call, stage, keys, () => {
        largest = Math.max(largest, statSync(`${path}-wal`).size);
      });
      expect(trial.refusal).toBeUndefined();
      if (IS_LONG) console.log(`${name}: ${trial.acknowledged.length} calls, a log of at most ${largest} bytes`);
      // Calls that write everything at once write as much.
      expect(largest).toBeLessThanOrEqual(call.together || call.slow ? MAX_LOG_BYTES : LIMIT);
    },
    scaled(60_000, 1_800_000),
  );
});
