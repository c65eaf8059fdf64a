import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/connection/driver.ts';
import { DatabaseManager } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { writeLegacyFile } from '../support/legacy-file.ts';

const all = (db: Database, sql: string) => db.prepare(sql).all();

describe('adopting the file of an earlier release', () => {
  let folder: TemporaryFolder;
  let manager: DatabaseManager;
  beforeEach(() => {
    folder = new TemporaryFolder();
    manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
  });
  afterEach(() => {
    manager.close();
    folder[Symbol.dispose]();
  });

  const upgrade = async (version: 1 | 2, fill: (db: Database) => void) => {
    writeLegacyFile(folder.join('agent.db'), version, fill);
    await manager.initialize();
    return manager.getDatabase();
  };

  it('records the original of each value that it changes, with the row it stood in', async () => {
    const db = await upgrade(1, (old) => {
      old.exec(`INSERT INTO memories (id, type, content, importance, expires_at) VALUES ('m', 'fact', 'x', 7, 'tomorrow');
        INSERT INTO sessions (id, total_cost, total_tokens_in) VALUES ('', -2.5, 1.5);
        INSERT INTO code_embeddings (project_id, file_path, chunk_index, chunk_text, chunk_hash, embedding)
          VALUES ('p', 'a.ts', -1, 'lost?', 'h', x'0000803f'), ('p', 'a.ts', 0, 'first', 'h', x'0000803f')`);
    });
    const records = all(db, 'SELECT source_table, reason, row FROM adoption_rejects ORDER BY id').map((record) => {
      const { source_table, reason, row } = Object(record);
      return [source_table, reason, JSON.parse(String(row))];
    });
    expect(records).toEqual([
      ['memories', 'its importance is not between 0 and 1', { rowid: 1, id: 'm', importance: 7 }],
      ['memories', 'its expires_at is not an instant in milliseconds', { rowid: 1, id: 'm', expires_at: 'tomorrow' }],
      ['sessions', 'its id is no id', { rowid: 1, id: '' }],
      ['sessions', 'its total_tokens_in is not a count', { rowid: 1, id: '', total_tokens_in: 1.5 }],
      ['sessions', 'its total_cost is not an amount in nano-dollars', { rowid: 1, id: '', total_cost: -2.5 }],
      [
        'code_embeddings',
        'its chunk_index is not a count',
        expect.objectContaining({ chunk_index: -1, chunk_text: 'lost?' }),
      ],
    ]);
    expect(all(db, 'SELECT id, total_cost, total_tokens_in FROM sessions')).toEqual([
      { id: 'adopted-1', total_cost: 0, total_tokens_in: 1 },
    ]);
    expect(all(db, 'SELECT chunk_text FROM code_embeddings')).toEqual([{ chunk_text: 'first' }]);
  });

  it('keeps a parent that is not there, and the time of a session whose messages are newer', async () => {
    const db = await upgrade(2, (old) => {
      old.pragma('foreign_keys = OFF');
      old.exec(`INSERT INTO sessions (id, parent_session_id, updated_at) VALUES ('s', 'gone', '2025-01-01 00:00:00');
        INSERT INTO messages (session_id, role) VALUES ('s', 'user')`);
    });
    expect(all(db, 'SELECT parent_session_id, updated_at, metadata FROM sessions')).toEqual([
      {
        parent_session_id: null,
        updated_at: '2025-01-01T00:00:00.000Z',
        metadata: '{"missingParentSessionId":"gone"}',
      },
    ]);
  });

  it('keeps the rows that it merges as they were', async () => {
    const db = await upgrade(1, (old) => {
      old.exec(`INSERT INTO memories (id, type, content, importance, metadata) VALUES
        ('a', 'fact', 'x', 0.25, '{"both":1}'), ('b', 'fact', 'x', 0.75, '{"both":2}'), ('c', 'fact', 'y', 0.5, NULL)`);
    });
    expect(all(db, 'SELECT id, importance, metadata FROM memories ORDER BY id')).toEqual([
      { id: 'a', importance: 0.75, metadata: '{"both":1}' },
      { id: 'c', importance: 0.5, metadata: null },
    ]);
    const merged = all(db, 'SELECT reason, row FROM adoption_rejects ORDER BY id').map((record) => {
      const { reason, row } = Object(record);
      return [reason, JSON.parse(String(row))];
    });
    expect(merged).toEqual([
      [
        'it was merged with others that are the same',
        expect.objectContaining({ id: 'a', importance: 0.25, metadata: '{"both":1}' }),
      ],
      [
        'it was merged with others that are the same',
        expect.objectContaining({ id: 'b', importance: 0.75, metadata: '{"both":2}' }),
      ],
    ]);
  });
});
