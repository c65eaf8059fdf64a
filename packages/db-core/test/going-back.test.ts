import { expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import { DatabaseManager, MIGRATIONS, restoreBackup, SCHEMA_VERSION } from '../src/index.ts';
import { upgradeFile } from '../src/schema/upgrade.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

const NEXT = SCHEMA_VERSION + 1;

/** Opens a file as the release after this one will, and returns where it put the copy from before. */
async function openWithNextRelease(path: string): Promise<string | undefined> {
  const db = connect(path);
  let copy: string | undefined;
  await upgradeFile(db, {
    migrations: {
      ...MIGRATIONS,
      [NEXT]: "ALTER TABLE cache ADD COLUMN later TEXT; UPDATE cache SET later = 'upgraded'",
    },
    target: NEXT,
    timeoutMs: 1_000,
    now: Date.now,
    listener: {
      progress: () => undefined,
      warning: () => undefined,
      migration: ({ backupPath }) => {
        copy = backupPath;
      },
    },
  });
  db.exec("INSERT INTO cache (key, value) VALUES ('since', '2')");
  db.close();
  return copy;
}

async function readKeys(path: string): Promise<unknown[]> {
  using manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager.prepare('SELECT key FROM cache').raw().all().flat();
}

it('an upgraded file goes back to its copy, and what was written since stays in the file set aside', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('agent.db');
  {
    using manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    manager.exec("INSERT INTO cache (key, value) VALUES ('before', '1')");
  }
  const copy = await openWithNextRelease(path);
  expect(copy).toContain(`agent.db.v${SCHEMA_VERSION}.`);
  await expect(readKeys(path)).rejects.toMatchObject({ code: 'DB_NEWER_SCHEMA' });

  const { setAside } = restoreBackup(copy ?? '', path);
  expect(await readKeys(path)).toEqual(['before']);
  const later = connect(setAside ?? '', { readonly: true });
  expect(later.prepare('SELECT key, later FROM cache').all()).toEqual([
    { key: 'before', later: 'upgraded' },
    { key: 'since', later: null },
  ]);
  later.close();

  // The copy from before is the same, and serves again.
  const again = await openWithNextRelease(path);
  expect(again).toBe(copy);
});
