import { copyFileSync, existsSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { resetDatabaseSystem } from '@codebuddy/db-integration';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runWorker } from '../../src/run-worker.ts';
import { IS_LONG, scaled } from '../../src/scale.ts';
import { mayMountDisks, SmallDisk } from '../../src/small-disk.ts';
import { WRITING_CALLS } from '../../src/writing-calls/index.ts';
import { findFaults, keysFor, placesIn, prepareFile } from '../../src/writing-calls/prepared-file.ts';
import { makeCalls, openStage, type Trial } from '../../src/writing-calls/trial.ts';

/** In blocks of 512 bytes. `ulimit -f 3000` allows as much in a shell that counts in kilobytes. */
const LARGEST_FILE = 6_000;
const CALLS = scaled(200, 400);

/** The codes of errors on a full disk. The tables of a module are made by a migration, whose error has the disk's as its cause. */
const REFUSALS = [undefined, 'DB_DISK_FULL', 'DB_IO', 'DB_MIGRATION_FAILED'];

const calls = Object.entries(WRITING_CALLS).map(([name, call], index) => ({ name, call, index }));

afterEach(resetDatabaseSystem);

/** Adds up trials, and tells of them. */
class Totals {
  readonly #place: string;
  trials = 0;
  acknowledged = 0;
  refused = 0;

  constructor(place: string) {
    this.#place = place;
  }

  add({ acknowledged, refusal }: Trial): void {
    this.trials++;
    this.acknowledged += acknowledged.length;
    if (refusal !== undefined) this.refused++;
  }

  tell(): void {
    console.log(
      `${this.#place}: ${this.trials} calls, ${this.acknowledged} times acknowledged, ${this.refused} refused`,
    );
  }
}

describe('a file that may not grow beyond 3 MB', () => {
  const folder = new TemporaryFolder();
  const trials = new Map<string, Trial>();
  const totals = new Totals('ulimit -f 3000');

  beforeAll(async () => {
    for (const { call, index } of calls) await prepareFile(folder.join(String(index)), call, keysFor(call, CALLS));
    const run = await runWorker('make-calls', [folder.path, String(CALLS)], { largestFile: LARGEST_FILE });
    expect({ code: run.code, complaints: run.complaints }).toEqual({ code: 0, complaints: '' });
    for (const told of run.acknowledged) if (told.kind === 'trial') trials.set(told.id, told);
  }, 300_000);
  afterAll(() => folder[Symbol.dispose]());

  it.each(calls)('loses nothing that $name acknowledged', async ({ name, call, index }) => {
    const trial = trials.get(name) ?? { acknowledged: [], refusal: 'it was not made' };
    expect(REFUSALS).toContain(trial.refusal);
    const { path } = placesIn(folder.join(String(index)));
    expect(await findFaults(path, call, keysFor(call, CALLS), trial)).toEqual([]);
    totals.add(trial);
  });

  it('is felt by most calls', () => {
    totals.tell();
    expect(totals.refused).toBeGreaterThan(totals.trials / 2);
  });
});

/** A full disk fails like a file that may not grow, so the short run tries it with fewer calls. */
const INSERTS = ['MemoryRepository.create', 'MemoryRepository.bulkCreate', 'SessionRepository.addMessage, once'];
const inserts = calls.filter(({ name }) => INSERTS.includes(name));
const everyThird = calls.filter(({ name, index }) => index % 3 === 0 || INSERTS.includes(name));

describe.skipIf(!mayMountDisks()).each([
  { megabytes: 3, count: CALLS, tried: IS_LONG ? calls : everyThird },
  { megabytes: 8, count: 20_000, tried: IS_LONG ? calls : inserts },
  { megabytes: 12, count: 20_000, tried: IS_LONG ? calls : inserts },
])('a file system of $megabytes MB', ({ megabytes, count, tried }) => {
  const totals = new Totals(`tmpfs of ${megabytes} MB`);

  it.each(tried)(
    'loses nothing that $name acknowledged',
    async ({ call }) => {
      using folder = new TemporaryFolder();
      using disk = new SmallDisk(folder.join('disk'), megabytes * 1_000_000);
      const keys = keysFor(call, call.prepare === undefined ? count : Math.min(count, 200 * megabytes));
      // The rows that the calls need are stored elsewhere: their log alone would fill the disk.
      const path = `${disk.path}/agent.db`;
      copyFileSync(await prepareFile(folder.path, call, keys), path);
      const trial = await makeCalls(call, await openStage(placesIn(folder.path).files, { dbPath: path }), keys);
      resetDatabaseSystem();
      expect(REFUSALS).toContain(trial.refusal);
      // The check writes as well, so it needs room.
      const copy = folder.join('copy.db');
      for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
      expect(await findFaults(copy, call, keys, trial)).toEqual([]);
      totals.add(trial);
    },
    scaled(60_000, 600_000),
  );

  it('is felt by most calls', () => {
    totals.tell();
    expect(totals.refused).toBeGreaterThan(totals.trials / 2);
  });
});
