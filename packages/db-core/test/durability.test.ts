import { describe, expect, it, vi } from 'vitest';
import { DatabaseManager, type Durability, ImportLedger } from '../src/index.ts';
import { contextOf } from '../src/internal.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

/** SQLite's numbers, https://www.sqlite.org/pragma.html#pragma_synchronous. */
const NORMAL = 1;
const FULL = 2;

async function open(folder: TemporaryFolder, durability?: Durability): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: folder.join('agent.db'), durability });
  await manager.initialize();
  return manager;
}

describe('durability', () => {
  it.each([
    [undefined, NORMAL],
    ['process', NORMAL],
    ['power', FULL],
  ] as const)('%s waits for the disk as SQLite’s synchronous = %i does', async (durability, expected) => {
    using folder = new TemporaryFolder();
    using manager = await open(folder, durability);
    const db = manager.getDatabase();
    const level = () => db.pragma('synchronous', { simple: true });
    expect(level()).toBe(expected);
    const context = contextOf(db);
    expect(context.transaction('test', level)).toBe(expected);
    expect(context.durableTransaction('test', level)).toBe(FULL);
    expect(() =>
      context.durableTransaction('test', () => {
        throw new Error('fails');
      }),
    ).toThrow('fails');
    await manager.registerModule({ name: 'notes', migrations: { 1: 'CREATE TABLE notes_entries (x)' } });
    expect(level()).toBe(expected);
  });

  it('is that of a power cut for the import ledger, in any case', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    const db = manager.getDatabase();
    const pragma = vi.spyOn(db, 'pragma');
    new ImportLedger(db).record({ path: '/a', size: 1, modifiedMs: 1, entries: 1, failed: 0 });
    expect(pragma.mock.calls.map(([source]) => source).filter((source) => source.includes('='))).toEqual([
      'synchronous = FULL',
      `synchronous = ${NORMAL}`,
    ]);
  });

  it('refuses any other word', () => {
    const config = { durability: 'maybe' } as unknown as { durability: 'process' };
    expect(() => new DatabaseManager(config)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
  });
});
