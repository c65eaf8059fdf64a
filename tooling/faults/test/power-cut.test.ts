import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseManager } from '@codebuddy/db-core';
import { seededRandom, TemporaryFolder } from '@codebuddy/db-core/testing';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import { expect, it } from 'vitest';
import { findInconsistencies, list } from '../src/consistency.ts';
import { count } from '../src/count.ts';
import { scaled } from '../src/scale.ts';

const CUTS = scaled(120, 3_000);
const SECTOR = 512;
const ROUNDS = 150;

interface Snapshot {
  readonly database: string;
  readonly log: Buffer;
}

/** Writes one memory and one message after the other, each in a transaction of its own, into the log alone. */
async function writeInTurn(folder: TemporaryFolder): Promise<Snapshot> {
  const [path, database] = [folder.join('agent.db'), folder.join('database')];
  using manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  const db = manager.getDatabase();
  new SessionRepository(db).createSession({ id: 's' });
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma('wal_autocheckpoint = 0');
  const memories = new MemoryRepository(db);
  const sessions = new SessionRepository(db);
  for (let round = 0; round < ROUNDS; round++) {
    memories.create({
      type: 'fact',
      content: `${round} ${'x'.repeat(round * 10)}`,
      embedding: Float32Array.of(1, round),
      embedding_model: 'm',
    });
    sessions.addMessage({ session_id: 's', role: 'user', content: `message ${round}` });
  }
  copyFileSync(path, database);
  return { database, log: readFileSync(`${path}-wal`) };
}

it(
  `a log that a power cut left written in part gives a beginning of what was written (${CUTS} cuts)`,
  async () => {
    using folder = new TemporaryFolder();
    const { database, log } = await writeInTurn(folder);
    const next = seededRandom(11);
    const found = new Set<number>();
    for (let cut = 0; cut < CUTS; cut++) {
      // Sectors reach the disk in any order: the log may end anywhere, and miss some of what comes before its end.
      const part = Buffer.from(log.subarray(0, Math.ceil(next() * log.length)));
      if (cut % 2 === 1) {
        const start = Math.floor((next() * part.length) / SECTOR) * SECTOR;
        part.fill(0, start, Math.min(part.length, start + SECTOR * Math.ceil(next() * 16)));
      }
      const path = folder.join(`cut-${cut}.db`);
      copyFileSync(database, path);
      writeFileSync(`${path}-wal`, part);
      using manager = new DatabaseManager({ dbPath: path });
      await manager.initialize();
      const db = manager.getDatabase();
      const rounds = list(
        db,
        "SELECT CAST(substr(content, 1, instr(content, ' ')) AS INTEGER) FROM memories ORDER BY 1",
      );
      const messages = Number(list(db, 'SELECT count(*) FROM messages')[0]);
      expect(rounds).toEqual(rounds.map((_, index) => String(index)));
      expect([rounds.length, rounds.length - 1]).toContain(messages);
      expect(findInconsistencies(db)).toEqual([]);
      found.add(rounds.length);
    }
    expect(found.size).toBeGreaterThan(20);
    count('power-cut', 'The log is cut, and misses parts, as a power cut leaves it', {
      cuts: CUTS,
      'different ends': found.size,
    });
  },
  scaled(120_000, 1_800_000),
);
