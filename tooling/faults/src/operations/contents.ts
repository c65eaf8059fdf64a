import { copyFileSync, existsSync } from 'node:fs';
import { DatabaseError, DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { MemoryRepository } from '@codebuddy/db-memory';
import { findInconsistencies, list } from '../consistency.ts';

const MEMORIES = 400;

export async function openFile(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

/** Makes a database whose memories all begin with a word. */
export async function writeDatabase(path: string, word: string): Promise<void> {
  using manager = await openFile(path);
  storeMemories(manager, word, 0, MEMORIES);
}

/** The same, as a process leaves it that was killed: half of the memories are in the log alone. */
export async function writeDatabaseAndLog(path: string, word: string): Promise<void> {
  using elsewhere = new TemporaryFolder();
  const original = elsewhere.join('agent.db');
  using manager = await openFile(original);
  storeMemories(manager, word, 0, MEMORIES / 2);
  manager.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0');
  storeMemories(manager, word, MEMORIES / 2, MEMORIES);
  for (const suffix of ['', '-wal']) copyFileSync(original + suffix, path + suffix);
}

function storeMemories(manager: DatabaseManager, word: string, from: number, to: number): void {
  const contents = Array.from({ length: to - from }, (_, index) => `${word} ${from + index} ${'x'.repeat(1_000)}`);
  new MemoryRepository(manager.getDatabase()).bulkCreate(contents.map((content) => ({ type: 'fact', content })));
}

/** Returns the word of a whole database, `absent`, or what is wrong with it. */
export async function wordOf(path: string): Promise<string> {
  if (!existsSync(path)) return 'absent';
  return describeFaults(async () => {
    using manager = await openFile(path);
    const db = manager.getDatabase();
    const words = list(db, "SELECT DISTINCT substr(content, 1, instr(content, ' ') - 1) FROM memories");
    const [count] = list(db, 'SELECT count(*) FROM memories');
    const faults = [...manager.checkHealth('full').problems, ...findInconsistencies(db)];
    if (faults.length > 0) return faults.join('; ');
    return words.length === 1 && count === String(MEMORIES) ? (words[0] ?? '') : `${count} memories: ${words}`;
  });
}

/** Turns an error of the database into what is wrong with it. */
export async function describeFaults(look: () => Promise<string>): Promise<string> {
  try {
    return await look();
  } catch (error) {
    if (!DatabaseError.isInstance(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
