import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { resetDatabaseSystem } from '@codebuddy/db-integration';
import Connection from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { WRITING_CALLS } from '../../src/writing-calls/index.ts';
import { findFaults, keysFor, placesIn, prepareFile } from '../../src/writing-calls/prepared-file.ts';
import { makeCalls, openStage, type Trial } from '../../src/writing-calls/trial.ts';
import type { WritingCall } from '../../src/writing-calls/writing-call.ts';

afterEach(resetDatabaseSystem);

const config = { walMode: false, busyTimeoutMs: 0 };

/** Without a log a transaction can't commit while another connection reads. */
async function callBesideReader(folder: string, call: WritingCall, keys: readonly string[]): Promise<Trial> {
  const { path, files } = placesIn(folder);
  const stage = await openStage(files, { ...config, dbPath: path });
  const reader = new Connection(path, { readonly: true });
  try {
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM memories').get();
    return await makeCalls(call, stage, keys);
  } finally {
    reader.close();
    resetDatabaseSystem();
  }
}

const calls = Object.entries(WRITING_CALLS).map(([name, call]) => ({ name, call }));

describe('a database without a log, while another connection reads', () => {
  it.each(calls)(
    '$name acknowledges nothing that is not stored, and works when the reader is gone',
    async ({ call }) => {
      using folder = new TemporaryFolder();
      const keys = keysFor(call, 5);
      const path = await prepareFile(folder.path, call, keys, config);
      const trial = await callBesideReader(folder.path, call, keys);
      expect([undefined, 'DB_BUSY']).toContain(trial.refusal);
      expect(await findFaults(path, call, keys, trial)).toEqual([]);
    },
  );
});
