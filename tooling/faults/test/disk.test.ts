import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseError, DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { MemoryRepository } from '@codebuddy/db-memory';
import { describe, expect, it } from 'vitest';
import { Acknowledged } from '../src/acknowledged.ts';
import { findInconsistencies, list } from '../src/consistency.ts';
import { runWorker } from '../src/run-worker.ts';

const NOBODY = 65_534;
const BYTES_OF_A_SMALL_DISK = 3_072_000;

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

async function writeUntilRefused(path: string, code: string, largestFile?: number): Promise<void> {
  const run = await runWorker('write-until-refused', [path], largestFile === undefined ? {} : { largestFile });
  expect({ code: run.code, complaints: run.complaints }).toEqual({ code: 0, complaints: '' });
  expect(run.acknowledged.find(({ kind }) => kind === 'failed')).toMatchObject({ code });
}

describe('a full disk', () => {
  it('ends a write with a typed error; what was acknowledged is there, the rest is not', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    const largestFile = BYTES_OF_A_SMALL_DISK / 512;
    const run = await runWorker('write-until-refused', [path], { largestFile });
    expect({ code: run.code, complaints: run.complaints }).toEqual({ code: 0, complaints: '' });
    expect(['DB_DISK_FULL', 'DB_IO']).toContain(
      run.acknowledged.flatMap((told) => (told.kind === 'failed' ? [told.code] : []))[0],
    );
    const acknowledged = new Acknowledged();
    acknowledged.add('w', run.acknowledged);
    expect(acknowledged.count).toBeGreaterThan(10);
    using manager = await open(path);
    expect(acknowledged.findLosses(manager.getDatabase())).toEqual([]);
    expect(findInconsistencies(manager.getDatabase())).toEqual([]);
  });

  const canMount = process.getuid?.() === 0 && mountAndUnmount();
  it.skipIf(!canMount)('of a file system of its own is told as full', async () => {
    using folder = new TemporaryFolder();
    const disk = folder.join('disk');
    mkdirSync(disk);
    mount(disk);
    try {
      await writeUntilRefused(`${disk}/agent.db`, 'DB_DISK_FULL');
      using manager = await open(`${disk}/agent.db`);
      expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  function mount(path: string): boolean {
    const options = `size=${BYTES_OF_A_SMALL_DISK}`;
    return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status === 0;
  }

  function mountAndUnmount(): boolean {
    using folder = new TemporaryFolder();
    return mount(folder.path) && spawnSync('umount', [folder.path]).status === 0;
  }
});

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

  it('of which a page was overwritten is told by a health check', async () => {
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
