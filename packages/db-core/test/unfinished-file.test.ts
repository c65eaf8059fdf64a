import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnfinishedFile } from '../src/connection/unfinished-file.ts';
import { DatabaseManager, restoreBackup, salvageDatabase } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const names = () => readdirSync(folder.path).sort();

/** What a process leaves that is killed while it writes a file. */
async function leaveUnfinished(destination: string): Promise<void> {
  const child = fork(fileURLToPath(new URL('./support/die-unfinished.ts', import.meta.url)), [destination], {
    execArgv: [],
  });
  await once(child, 'exit');
}

describe('a file that is written beside its place', () => {
  it('is there whole, or not at all', () => {
    const path = folder.join('a.db');
    {
      using file = new UnfinishedFile(path);
      file.create();
      writeFileSync(file.path, 'whole');
      expect(existsSync(path)).toBe(false);
      file.publish();
    }
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(names()).toEqual(['a.db']);
    using other = new UnfinishedFile(path);
    other.create();
    expect(() => other.publish()).toThrow(/EEXIST/);
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('that a killed process left is removed by the next call for the same place', async () => {
    const path = folder.join('backup.db');
    await leaveUnfinished(path);
    expect(names()).toHaveLength(2);
    expect(existsSync(path)).toBe(false);
    {
      using manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
      await manager.initialize();
      await manager.backup(path);
    }
    expect(names()).toEqual(['agent.db', 'backup.db']);
    await leaveUnfinished(folder.join('restored.db'));
    restoreBackup(path, folder.join('restored.db'));
    await leaveUnfinished(folder.join('saved.db'));
    salvageDatabase(path, folder.join('saved.db'));
    expect(names()).toEqual(['agent.db', 'backup.db', 'restored.db', 'saved.db']);
  });

  it('stays if its process lives, or for a day if that is on another machine', () => {
    const path = folder.join('a.db');
    using own = new UnfinishedFile(path);
    own.create();
    const elsewhere = `${path}.unfinished-elsewhere-1-x`;
    writeFileSync(elsewhere, '');
    using _second = new UnfinishedFile(path);
    expect([existsSync(own.path), existsSync(elsewhere)]).toEqual([true, true]);
    const longAgo = new Date(Date.now() - 90_000_000);
    utimesSync(elsewhere, longAgo, longAgo);
    using _third = new UnfinishedFile(path);
    expect([existsSync(own.path), existsSync(elsewhere)]).toEqual([true, false]);
  });
});
