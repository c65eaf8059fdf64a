import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import { DatabaseManager } from '../../src/index.ts';

/** Messages that {@link fill} stores. */
export const MESSAGES = 3_000;

/** Fills a new database with sessions, {@link MESSAGES} messages, 200 memories with vectors, and a cache entry. */
export async function fill(path: string): Promise<void> {
  using manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  manager.transaction(() => {
    manager.exec("INSERT INTO sessions (id, name) VALUES ('s', 'kept'), ('t', 'child')");
    manager.exec("UPDATE sessions SET parent_session_id = 's' WHERE id = 't'");
    const message = manager.prepare("INSERT INTO messages (session_id, role, content) VALUES ('s', 'user', ?)");
    for (let i = 0; i < MESSAGES; i++) message.run(`message ${i} ${'x'.repeat(400)}`);
    const memory = manager.prepare(
      "INSERT INTO memories (id, type, scope, content, embedding, embedding_model) VALUES (?, 'fact', 'user', ?, ?, 'm')",
    );
    for (let i = 0; i < 200; i++) memory.run(`m${i}`, `memory ${i}`, Buffer.from(new Float32Array([i, 1]).buffer));
    manager.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
  });
}

/** Overwrites pages of a file, counted from 1, as a failing disk would. */
export function damage(path: string, pages: readonly number[], pageSize = 8_192): void {
  const file = openSync(path, 'r+');
  for (const page of pages) writeSync(file, Buffer.alloc(pageSize, 0xee), 0, pageSize, (page - 1) * pageSize);
  closeSync(file);
}

/** A page of a table, as SQLite's `dbstat` lists it. */
export interface TreePage {
  readonly page: number;
  readonly kind: 'internal' | 'leaf' | 'overflow';
  /** The number of pages above it. */
  readonly depth: number;
  readonly cells: number;
}

/** Lists the pages of a table in the order of its rows. */
export function pagesOf(path: string, table: string): TreePage[] {
  const db = connect(path, { readonly: true });
  const rows = db.prepare('SELECT pageno, pagetype, path, ncell FROM dbstat WHERE name = ?').raw().all(table);
  db.close();
  return rows.map((row) => {
    const [page, kind, place, cells] = Array.isArray(row) ? row : [];
    return {
      page: Number(page),
      kind: kind === 'leaf' || kind === 'overflow' ? kind : 'internal',
      depth: String(place).split('/').length - 2,
      cells: Number(cells),
    };
  });
}

/** Pages that hold rows of a table and nothing else. */
export function leafPages(path: string, table: string): number[] {
  return pagesOf(path, table).flatMap(({ page, kind }) => (kind === 'leaf' ? [page] : []));
}

/** Opens a database that is closed at the end of the block: `using manager = await open(path)`. */
export async function open(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

/** Returns the number that a query counts. */
export function count(manager: DatabaseManager, sql: string): number {
  const row = manager.getDatabase().prepare(sql).raw().get();
  return Array.isArray(row) ? Number(row[0]) : Number.NaN;
}

/**
 * Leaves a file whose process died in the middle of a transaction: half of it stands in the file, and what it overwrote in the
 * journal. All of the {@link MESSAGES} messages can be had.
 */
export async function leaveJournal(path: string): Promise<void> {
  await fill(path);
  const script = fileURLToPath(new URL('./die-in-a-journal.ts', import.meta.url));
  const [, signal] = await once(fork(script, [path], { execArgv: [] }), 'exit');
  expect(signal).toBe('SIGKILL');
  expect(statSync(`${path}-journal`).size).toBeGreaterThan(100_000);
}
