import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/connection/driver.ts';
import { DatabaseManager, SCHEMA_VERSION } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { writeLegacyFile } from './support/legacy-file.ts';

const WORKER = fileURLToPath(new URL('./support/open-and-write.ts', import.meta.url));
const PROCESSES = 8;
const WRITES = 25;

interface Report {
  readonly acknowledged: string[];
  readonly backups: number;
}

/** Starts the processes, waits until all stand at the barrier, and lets them go at once. */
async function openAtOnce(path: string): Promise<Report[]> {
  const workers = Array.from({ length: PROCESSES }, () => fork(WORKER, [path, String(WRITES)], { execArgv: [] }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return Promise.all(
    workers.map(async (worker) => {
      worker.send('go');
      return report(worker);
    }),
  );
}

async function report(worker: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: Report) => resolve(message));
    worker.once('exit', (code) => reject(new Error(`a process ended with ${code} before it reported`)));
  });
}

it.each([
  ['a new file', () => undefined],
  ['the file of an earlier release', (path: string) => writeLegacyFile(path, 2, fillWithMessages)],
] as const)('%s is opened by 8 processes at once, and no acknowledged write is lost', async (_what, prepare) => {
  using folder = new TemporaryFolder();
  const path = folder.join('agent.db');
  prepare(path);
  const reports = await openAtOnce(path);
  const db = connect(path, { readonly: true });
  const stored = db
    .prepare('SELECT key FROM cache ORDER BY key')
    .all()
    .map((row) => Reflect.get(Object(row), 'key'));
  expect(stored).toEqual(reports.flatMap(({ acknowledged }) => acknowledged).sort());
  expect(stored).toHaveLength(PROCESSES * WRITES);
  expect(db.prepare('SELECT max(version) AS version FROM schema_version').all()).toEqual([{ version: SCHEMA_VERSION }]);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  // One process did the work and took the one backup; the others found it done.
  expect(reports.reduce((sum, { backups }) => sum + backups, 0)).toBe(prepare.length);
  db.close();
});

it('closing waits for no reader, and lets others write meanwhile', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('agent.db');
  const managers = await Promise.all(
    [1, 2].map(async () => {
      const manager = new DatabaseManager({ dbPath: path, busyTimeoutMs: 60_000 });
      await manager.initialize();
      return manager;
    }),
  );
  const [closing, reading] = managers;
  reading?.exec('BEGIN');
  reading?.prepare('SELECT count(*) FROM cache').get();
  closing?.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
  // It would wait a minute for the reader, and so would everybody who wants to write.
  closing?.close();
  expect(reading?.prepare('SELECT count(*) AS entries FROM cache').get()).toEqual({ entries: 0 });
  reading?.exec('COMMIT');
  reading?.exec("INSERT INTO cache (key, value) VALUES ('l', '1')");
  reading?.close();
}, 30_000);

it('a health check takes nothing for damage that another process has written', async () => {
  using folder = new TemporaryFolder();
  using watching = new DatabaseManager({ dbPath: folder.join('agent.db') });
  await watching.initialize();
  const write = async (rounds: number) => {
    using writing = new DatabaseManager({ dbPath: folder.join('agent.db') });
    await writing.initialize();
    writing.exec("INSERT OR IGNORE INTO sessions (id) VALUES ('s')");
    const message = writing.prepare("INSERT INTO messages (session_id, role, content) VALUES ('s', 'user', ?)");
    for (let i = 0; i < rounds; i++) message.run(`message ${i}`);
  };
  for (const rounds of [10, 200, 300]) {
    await write(rounds);
    expect(watching.checkHealth('full').problems).toEqual([]);
    expect(watching.checkHealth('quick').problems).toEqual([]);
  }
});

function fillWithMessages(db: Database): void {
  db.exec(`INSERT INTO sessions (id) VALUES ('s');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    INSERT INTO messages (session_id, role, content) SELECT 's', 'user', 'message ' || i FROM n`);
}
