import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { Acknowledged } from '../src/acknowledged.ts';
import { findInconsistencies, list } from '../src/consistency.ts';
import { writeOlderFile } from '../src/older-release.ts';
import { runWorker } from '../src/run-worker.ts';
import { scaled } from '../src/scale.ts';

const PROCESSES = 8;
const CALLS = String(scaled(60, 2_000));

async function open(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

/** Runs writers at once, and checks that each ended well and that all they were told is stored. */
async function writeAtOnce(path: string, processes: number, meanwhile: Promise<unknown>[] = []): Promise<number> {
  const acknowledged = new Acknowledged();
  const runs = Array.from({ length: processes }, async (_, index) => {
    const name = `w${index + 1}`;
    const run = await runWorker('write', [path, name, CALLS]);
    expect(run.complaints).toBe('');
    expect(run.code).toBe(0);
    acknowledged.add(name, run.acknowledged);
  });
  await Promise.all([...runs, ...meanwhile]);
  using manager = await open(path);
  expect(acknowledged.findLosses(manager.getDatabase())).toEqual([]);
  expect(findInconsistencies(manager.getDatabase())).toEqual([]);
  return acknowledged.count;
}

it(
  `${PROCESSES} processes open a fresh file at once and write: what was acknowledged is there`,
  async () => {
    using folder = new TemporaryFolder();
    expect(await writeAtOnce(folder.join('agent.db'), PROCESSES)).toBeGreaterThan(PROCESSES * 20);
  },
  scaled(120_000, 1_200_000),
);

it(
  'the same while the file of an earlier release is brought up to date',
  async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    writeOlderFile(path, 5_000);
    await writeAtOnce(path, PROCESSES);
    using manager = await open(path);
    expect(list(manager.getDatabase(), "SELECT count(*) FROM messages WHERE session_id = 's'")).toEqual(['5000']);
  },
  scaled(120_000, 1_200_000),
);

it(
  'the same while backups are taken: each is whole',
  async () => {
    using folder = new TemporaryFolder();
    const [path, backups] = [folder.join('agent.db'), folder.join('backups')];
    mkdirSync(backups);
    await writeAtOnce(path, 4, [
      runWorker('back-up', [path, backups, '3']).then(({ code, complaints }) => {
        expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
      }),
    ]);
    for (const name of readdirSync(backups)) {
      using manager = await open(`${backups}/${name}`);
      expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    }
    expect(readdirSync(backups)).toHaveLength(3);
  },
  scaled(120_000, 1_200_000),
);

it(
  'the same while a reader stays where it is; the log is cut back when it goes',
  async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    using manager = await open(path);
    const db = manager.getDatabase();
    db.exec('BEGIN');
    expect(list(db, 'SELECT count(*) FROM memories')).toEqual(['0']);
    const written = Promise.all(['w1', 'w2'].map((name) => runWorker('write', [path, name, CALLS])));
    for (const { code, complaints } of await written) expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
    // It sees what there was when it began, however much came since.
    expect(list(db, 'SELECT count(*) FROM memories')).toEqual(['0']);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    db.exec('COMMIT');
    expect(Number(list(db, 'SELECT count(*) FROM memories')[0])).toBeGreaterThan(0);
    manager.close();
    using again = await open(path);
    expect(again.checkHealth().walSizeBytes).toBe(0);
  },
  scaled(120_000, 1_200_000),
);

it('the log of many small writes stays bounded', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('agent.db');
  using manager = await open(path);
  const insert = manager.prepare('INSERT INTO cache (key, value) VALUES (?, ?)');
  const value = JSON.stringify('x'.repeat(4_000));
  let largest = 0;
  for (let i = 0; i < 8_000; i++) {
    insert.run(`k${i}`, value);
    if (i % 500 === 0) largest = Math.max(largest, statSync(`${path}-wal`).size);
  }
  expect(largest).toBeLessThan(16_000_000);
});

it('who waits longer than the timeout gets a typed error that may be tried again, and nothing is written', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('agent.db');
  using manager = await open(path);
  manager.exec('BEGIN IMMEDIATE');
  const { acknowledged, code, complaints } = await runWorker('impatient', [path]);
  manager.exec('COMMIT');
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  expect(acknowledged.at(-1)).toEqual({ kind: 'failed', code: 'DB_BUSY', retryable: true });
  expect(list(manager.getDatabase(), 'SELECT count(*) FROM memories')).toEqual(['0']);
  // The lock is gone: the same call works now.
  expect((await runWorker('impatient', [path])).acknowledged.at(-1)).toEqual({ kind: 'memory', id: 'late' });
});
