import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseError, DatabaseManager, restoreBackup, salvageDatabase } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { MemoryRepository } from '@codebuddy/db-memory';
import { describe, expect, it } from 'vitest';
import { findInconsistencies, list } from '../src/consistency.ts';
import { runWorker } from '../src/run-worker.ts';
import { mayMountDisks, SmallDisk } from '../src/small-disk.ts';

const NOBODY = 65_534;

async function open(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

async function fill(path: string, memories = 500): Promise<void> {
  using manager = await open(path);
  new MemoryRepository(manager.getDatabase()).bulkCreate(
    Array.from({ length: memories }, (_, index) => ({ type: 'fact', content: `memory ${index} ${'x'.repeat(300)}` })),
  );
}

/** A file as a process leaves it that was killed: what it wrote last is in the log alone. */
async function fillAndKill(path: string): Promise<void> {
  await fill(path, 50);
  await runWorker('write', [path, 'w1'], { killAfterMs: 60 });
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
}

/** Opens and reads everything, and returns the code of the error that came of it, or `fine`. */
async function codeOfReading(path: string): Promise<string> {
  try {
    using manager = await open(path);
    new MemoryRepository(manager.getDatabase()).find();
    manager.checkHealth('full');
    return 'fine';
  } catch (error) {
    if (!DatabaseError.isInstance(error)) throw error;
    return error.code;
  }
}

/** Calls that copy a database to a new file. */
const COPIES: Readonly<Record<string, (source: string, path: string) => Promise<unknown>>> = {
  backup: async (source, path) => {
    using manager = await open(source);
    await manager.backup(path);
  },
  salvageDatabase: async (source, path) => salvageDatabase(source, path),
};

describe('a full disk', () => {
  it.skipIf(!mayMountDisks())('refuses a backup whose log does not fit, or restores it whole', async () => {
    using folder = new TemporaryFolder();
    const backup = folder.join('backup.db');
    const contents = await writeBackupWithLog(folder.join('agent.db'), backup);
    const outcomes: string[] = [];
    for (const extra of [40_000, 100_000, 300_000, 600_000, 900_000, 1_200_000, 2_000_000, 4_000_000]) {
      using disk = new SmallDisk(folder.join('disk'), statSync(backup).size + statSync(`${backup}-wal`).size + extra);
      const path = `${disk.path}/agent.db`;
      const outcome = codeOf(() => restoreBackup(backup, path));
      outcomes.push(outcome);
      if (outcome !== 'fine') {
        expect(readdirSync(disk.path)).toEqual([]);
        continue;
      }
      const copy = folder.join(`copy-${extra}.db`);
      copyFileSync(path, copy);
      using manager = await open(copy);
      expect(manager.checkHealth('full').problems).toEqual([]);
      expect(list(manager.getDatabase(), 'SELECT content FROM memories ORDER BY seq')).toEqual(contents);
    }
    expect(['fine', 'DB_DISK_FULL', 'DB_IO']).toEqual(expect.arrayContaining(outcomes));
    expect(outcomes.at(0)).not.toBe('fine');
    expect(outcomes.at(-1)).toBe('fine');
  });

  it.skipIf(!mayMountDisks()).each(Object.entries(COPIES))(
    'holds whole copies, and nothing of the one that no longer fits: %s',
    async (_name, copyTo) => {
      using folder = new TemporaryFolder();
      using disk = new SmallDisk(folder.join('disk'), 8_000_000);
      const source = folder.join('agent.db');
      await fill(source);
      const copies: string[] = [];
      let outcome = 'fine';
      while (outcome === 'fine') {
        const name = `copy-${copies.length}.db`;
        outcome = await codeOfWaiting(copyTo(source, `${disk.path}/${name}`));
        if (outcome === 'fine') copies.push(name);
      }
      expect(['DB_DISK_FULL', 'DB_IO']).toContain(outcome);
      expect(copies.length).toBeGreaterThan(1);
      expect(readdirSync(disk.path).sort()).toEqual(copies);
      for (const name of copies) {
        copyFileSync(`${disk.path}/${name}`, folder.join(name));
        using manager = await open(folder.join(name));
        expect(list(manager.getDatabase(), 'SELECT count(*) FROM memories')).toEqual(['500']);
        expect(findInconsistencies(manager.getDatabase())).toEqual([]);
      }
    },
  );
});

async function codeOfWaiting(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'fine';
  } catch (error) {
    if (!DatabaseError.isInstance(error)) throw error;
    return error.code;
  }
}

/** Copies a database as it lies on disk while it is used: half of what it holds stands in its log alone. */
async function writeBackupWithLog(path: string, backup: string): Promise<string[]> {
  await fill(path, 2_000);
  using manager = await open(path);
  manager.exec("PRAGMA wal_autocheckpoint = 0; UPDATE memories SET content = content || ' again' WHERE seq % 2 = 0");
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, backup + suffix);
  return list(manager.getDatabase(), 'SELECT content FROM memories ORDER BY seq');
}

function codeOf(call: () => unknown): string {
  try {
    call();
    return 'fine';
  } catch (error) {
    if (!DatabaseError.isInstance(error)) throw error;
    return error.code;
  }
}

describe('a place that may not be written', () => {
  const told = async (path: string) => {
    const { acknowledged, complaints } = await runWorker('as-nobody', [path]);
    expect(complaints).toBe('');
    return acknowledged.map((each) => ('code' in each ? each.code : 'id' in each ? each.id : each.kind));
  };
  const giveToNobody = (path: string) => {
    if (process.getuid?.() !== 0) return;
    for (const each of [dirname(path), path]) chownSync(each, NOBODY, NOBODY);
  };

  it('a read-only file is read, and a write is refused', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    giveToNobody(path);
    chmodSync(path, 0o400);
    expect(await told(path)).toEqual(['open', 'read', 'write: DB_READ_ONLY']);
  });

  it('a read-only folder says so when it is opened', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    giveToNobody(path);
    chmodSync(folder.path, 0o500);
    const before = readFileSync(path);
    expect(await told(path)).toEqual(['open: DB_READ_ONLY']);
    chmodSync(folder.path, 0o700);
    expect(readFileSync(path)).toEqual(before);
  });

  it('a folder of somebody else says so', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('inside', 'agent.db');
    mkdirSync(dirname(path));
    if (process.getuid?.() === 0) chownSync(folder.path, NOBODY, NOBODY);
    chmodSync(dirname(path), 0o000);
    expect(await told(path)).toEqual(['open: DB_CANNOT_OPEN']);
    chmodSync(dirname(path), 0o700);
  });
});

describe('a damaged file', () => {
  it.each([0.1, 0.3, 0.5, 0.9])('cut off after %f of its length is told as damaged', async (share) => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length * share)));
    const before = readFileSync(path);
    expect(await codeOfReading(path)).toBe('DB_CORRUPT');
    expect(readFileSync(path)).toEqual(before);
  });

  it('fails the health check if a page was overwritten', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    const bytes = readFileSync(path);
    bytes.fill(0xee, bytes.length - 8_192 * 4, bytes.length - 8_192 * 3);
    writeFileSync(path, bytes);
    using manager = await open(path);
    expect(manager.checkHealth('full')).toMatchObject({ ok: false });
  });
});

describe('what lies beside a database', () => {
  it('a log that is gone takes along what was in it alone, and nothing else', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fillAndKill(path);
    rmSync(`${path}-wal`);
    rmSync(`${path}-shm`, { force: true });
    using manager = await open(path);
    expect(list(manager.getDatabase(), "SELECT count(*) FROM memories WHERE content LIKE 'memory % x%'")).toEqual([
      '50',
    ]);
    expect(findInconsistencies(manager.getDatabase())).toEqual([]);
  });

  it.each([
    ['garbage', () => Buffer.alloc(40_000, 0x5a)],
    ['nothing', () => Buffer.alloc(0)],
    ['half of a log', (log: Buffer) => log.subarray(0, log.length / 2)],
    ['a log with a flipped bit', (log: Buffer) => Buffer.from(log.map((byte, i) => (i === 5_000 ? byte ^ 1 : byte)))],
  ])('%s in place of the log costs what was in the log alone', async (_what, ruin) => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fillAndKill(path);
    writeFileSync(`${path}-wal`, ruin(readFileSync(`${path}-wal`)));
    using manager = await open(path);
    expect(list(manager.getDatabase(), "SELECT count(*) FROM memories WHERE content LIKE 'memory % x%'")).toEqual([
      '50',
    ]);
    expect(findInconsistencies(manager.getDatabase())).toEqual([]);
  });

  it('garbage in place of the shared memory costs nothing', async () => {
    using folder = new TemporaryFolder();
    const [path, copy] = [folder.join('agent.db'), folder.join('copy.db')];
    await fillAndKill(path);
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix);
    writeFileSync(`${path}-shm`, Buffer.alloc(32_768, 0x5a));
    using damaged = await open(path);
    using expected = await open(copy);
    const count = (manager: DatabaseManager) => list(manager.getDatabase(), 'SELECT count(*) FROM memories');
    expect(count(damaged)).toEqual(count(expected));
    expect(existsSync(`${path}-shm`)).toBe(true);
  });
});
