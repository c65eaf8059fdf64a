import { seededRandom, TemporaryFolder } from '@codebuddy/db-core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/operations/index.ts';
import { UNMENDED } from '../../src/operations/unmended.ts';
import { cutsOf, writeCut } from '../../src/power-cut/cuts.ts';
import { type DiskLog, unsyncedNames } from '../../src/power-cut/disk-log.ts';
import { traceWorker, whyNotTraced } from '../../src/power-cut/trace.ts';
import { IS_LONG, scaled } from '../../src/scale.ts';

const CUTS = scaled(8, 2_000);
const reason = whyNotTraced();
if (reason !== undefined) console.log(`No power cuts from a log of writes and syncs: ${reason}`);

describe.skipIf(reason !== undefined).each(Object.entries(OPERATIONS))('a power cut during %s', (name, operation) => {
  const folder = new TemporaryFolder();
  let log: DiskLog = { folders: [], before: new Map(), events: [] };
  afterAll(() => folder[Symbol.dispose]());

  beforeAll(async () => {
    await operation.prepare(folder.path);
    log = traceWorker('operate', [name, folder.path], folder.path);
  }, 120_000);

  it('gives no known name to a file whose bytes may be missing', () => {
    expect(log.events.length).toBeGreaterThan(2);
    expect(unsyncedNames(log)).toEqual([]);
  });

  it.skipIf(UNMENDED.states.includes(name))(
    'leaves the old state or the new one',
    async () => {
      const wrong: string[] = [];
      let cuts = 0;
      for (const cut of cutsOf(log, seededRandom(17), CUTS)) {
        writeCut(log, cut, folder.path);
        const state = await operation.look(folder.path);
        cuts++;
        const mayBeOld = !(cut.wasDone && operation.isDurable === true);
        const isRight = state === 'new' || (state === 'old' && mayBeOld);
        if (!isRight) wrong.push(`${cut.description}: ${state}`);
      }
      if (IS_LONG) console.log(`${name}: ${cuts} cuts in ${log.events.length} events`);
      expect(wrong).toEqual([]);
    },
    scaled(120_000, 3_600_000),
  );
});
