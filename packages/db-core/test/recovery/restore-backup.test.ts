import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { restoreBackup } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { count, damage, fill, leaveJournal, MESSAGES, open } from '../support/damaged-file.ts';

describe('restoring a backup', () => {
  const numberOfMemories = async (path: string) => {
    using manager = await open(path);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true });
    return count(manager, 'SELECT count(*) FROM memories');
  };

  async function backUp(path: string, backup: string): Promise<void> {
    using manager = await open(path);
    await manager.backup(backup);
  }

  it('sets aside what was there, its log too, which SQLite would take for the backup’s own', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(path);
    await backUp(path, backup);
    {
      using manager = await open(path);
      manager.exec("DELETE FROM memories WHERE id <> 'm1'; DELETE FROM messages");
      copyFileSync(`${path}-wal`, folder.join('log'));
    }
    // As a killed process leaves it.
    copyFileSync(folder.join('log'), `${path}-wal`);
    const before = readFileSync(backup);

    const { setAside: aside = '' } = restoreBackup(backup, path);
    expect(aside).toMatch(/agent\.db\.replaced-\d{4}-/);
    expect(await numberOfMemories(path)).toBe(200);
    expect(await numberOfMemories(aside)).toBe(1);
    expect(readFileSync(backup)).toEqual(before);
    expect(readdirSync(folder.path).filter((name) => name.includes('restoring'))).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('needs no database to be there, and takes nothing of a log that was left behind alone', async () => {
    using folder = new TemporaryFolder();
    const [path, backup, other] = [folder.join('new', 'agent.db'), folder.join('backup.db'), folder.join('other.db')];
    await fill(other);
    await backUp(other, backup);
    expect(restoreBackup(backup, path)).toEqual({ path });
    expect(await numberOfMemories(path)).toBe(200);
    rmSync(path);
    writeFileSync(`${path}-wal`, 'left behind');
    const { setAside: aside } = restoreBackup(backup, path);
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('left behind');
    expect(await numberOfMemories(path)).toBe(200);
  });

  it('changes nothing while somebody has the database open', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(path);
    await backUp(path, backup);
    using holder = await open(path);
    holder.exec("DELETE FROM memories WHERE id <> 'm1'");
    expect(() => restoreBackup(backup, path)).toThrow(expect.objectContaining({ code: 'DB_BUSY' }));
    expect(count(holder, 'SELECT count(*) FROM memories')).toBe(1);
    holder.close();
    expect(readdirSync(folder.path).sort()).toEqual(['agent.db', 'backup.db']);
  });

  it.each([
    ['nothing', 'DB_CANNOT_OPEN', () => undefined],
    ['an empty file', 'DB_FOREIGN_FILE', (backup: string) => writeFileSync(backup, '')],
    ['garbage', 'DB_FOREIGN_FILE', (backup: string) => writeFileSync(backup, 'garbage '.repeat(2_000))],
    ['a damaged one', 'DB_CORRUPT', (backup: string) => damage(backup, [60, 61, 62])],
    ['half of one', 'DB_CORRUPT', (backup: string) => truncateSync(backup, 400_000)],
  ])('refuses %s with %s, and changes nothing', async (what, code, spoil) => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(path);
    if (what !== 'nothing') await backUp(path, backup);
    spoil(backup);
    expect(() => restoreBackup(backup, path)).toThrow(expect.objectContaining({ code }));
    expect(await numberOfMemories(path)).toBe(200);
    expect(readdirSync(folder.path).filter((name) => !name.startsWith('backup'))).toEqual(['agent.db']);
  });
});

describe('restoring a backup where a process died while it wrote under a rollback journal', () => {
  it('moves the journal aside, which would undo the backup', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(backup);
    await leaveJournal(path);
    const { setAside: aside = '' } = restoreBackup(backup, path);
    expect(existsSync(`${aside}-journal`)).toBe(true);
    expect(existsSync(`${path}-journal`)).toBe(false);
    using manager = await open(path);
    expect(manager.checkHealth('full').problems).toEqual([]);
    expect(count(manager, "SELECT count(*) FROM messages WHERE content LIKE 'message %'")).toBe(MESSAGES);
  });

  it('rolls back a backup that has such a journal itself', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await leaveJournal(backup);
    restoreBackup(backup, path);
    using manager = await open(path);
    expect(count(manager, "SELECT count(*) FROM messages WHERE content LIKE 'message %'")).toBe(MESSAGES);
  });
});
