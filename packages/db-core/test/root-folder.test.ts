import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasErrorCode } from '../src/index.ts';
import { hasSystemCode, type OpenFolder, RootFolder, requireRelativePath, splitPath } from '../src/internal.ts';
import { SwappingProcess, TemporaryFolder } from '../src/testing/index.ts';

/** Tries that meet a swap many times over. */
const TRIES = 1_500;

const reaches = process.platform === 'linux' ? [true, false] : [false];

describe.each(reaches)('a folder whose files are reached by descriptors: %s', (byDescriptors) => {
  let home: TemporaryFolder;
  let root: RootFolder;
  beforeEach(() => {
    home = new TemporaryFolder();
    mkdirSync(home.join('root', 'sub', 'deep'), { recursive: true });
    mkdirSync(home.join('outside', 'deep'), { recursive: true });
    writeFileSync(home.join('root', 'sub', 'a.txt'), 'inside');
    writeFileSync(home.join('outside', 'a.txt'), 'outside');
    symlinkSync(home.join('outside'), home.join('root', 'link'));
    root = new RootFolder(home.join('root'), { byDescriptors });
  });
  afterEach(() => home[Symbol.dispose]());

  const inside = (...parts: string[]) => home.join('root', ...parts);
  const write = async (folder: OpenFolder, name: string, text: string) => {
    const file = await folder.createFile(name, 0o640);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  };
  const readIn = async (folder: OpenFolder, name: string) => {
    const file = await folder.openFile(name);
    try {
      return await file?.readFile('utf8');
    } finally {
      await file?.close();
    }
  };
  const read = (path: string) => {
    const { folder, name } = splitPath(path);
    return root.inFolder(folder, (parent) => readIn(parent, name));
  };

  it('reads, creates, moves and removes what is in it', async () => {
    expect(await read('sub/a.txt')).toBe('inside');
    await root.inFolder('sub', async (folder) => {
      expect(folder.path).toBe('sub');
      expect(await folder.createFolder('new')).toBe(true);
      expect(await folder.createFolder('new')).toBe(false);
      await write(folder, 'b.txt', 'moved');
      await root.inFolder('sub/new', (other) => folder.rename('b.txt', other, 'c.txt'));
      await folder.sync();
      expect((await folder.entries()).map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual([
        'a.txt file',
        'deep folder',
        'new folder',
      ]);
    });
    expect(readFileSync(inside('sub', 'new', 'c.txt'), 'utf8')).toBe('moved');
    expect(statSync(inside('sub', 'new', 'c.txt')).mode & 0o777).toBe(0o640);
    await root.inFolder('sub', async (folder) => {
      await root.inFolder('sub/new', (other) => other.removeFile('c.txt'));
      await folder.removeFolder('new');
      await expect(folder.removeFolder('absent')).rejects.toSatisfy((error) => hasSystemCode(error, 'ENOENT'));
      await expect(folder.createFile('a.txt', 0o600)).rejects.toSatisfy((error) => hasSystemCode(error, 'EEXIST'));
      await expect(folder.createFolder('a.txt')).rejects.toThrow(`'${inside('sub', 'a.txt')}'`);
    });
    expect(readdirSync(inside('sub')).sort()).toEqual(['a.txt', 'deep']);
  });

  it('finds nothing where there is nothing, or a file on the way', async () => {
    expect(await root.openFile('sub/absent.txt')).toBeUndefined();
    expect(await root.openFile('absent/a.txt')).toBeUndefined();
    expect(await root.openFile('sub/a.txt/b.txt')).toBeUndefined();
    expect(await root.inFolder('absent', async () => 'used')).toBeUndefined();
    expect(await root.inFolder('', async (folder) => (await folder.stat('absent'))?.size)).toBeUndefined();
  });

  it('refuses links, wherever they lead, and what is no regular file', async () => {
    symlinkSync('sub/a.txt', inside('link.txt'));
    execFileSync('mkfifo', [inside('pipe')]);
    for (const path of [
      'link/a.txt',
      'link/deep/a.txt',
      'link.txt',
      'pipe',
      'sub',
      '../outside/a.txt',
      inside('sub'),
    ]) {
      await expect(root.openFile(path), path).rejects.toSatisfy((error) => hasErrorCode(error, 'DB_OUTSIDE_ROOT'));
    }
    await expect(root.inFolder('link', (folder) => folder.entries())).rejects.toMatchObject({
      code: 'DB_OUTSIDE_ROOT',
    });
    expect(await root.inFolder('', async (folder) => (await folder.stat('link'))?.isSymbolicLink())).toBe(true);
  });

  it.each(['', '.', '..', 'sub/a.txt', 'a\0b'])('takes %j for no name', async (name) => {
    await root.inFolder('', (folder) => expect(folder.stat(name)).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' }));
  });

  it('refuses a root that has become a link, and one that is not there', async () => {
    renameSync(home.join('root'), home.join('elsewhere'));
    symlinkSync(home.join('outside'), home.join('root'));
    await expect(root.openFile('a.txt')).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
    expect(() => new RootFolder(home.join('absent'))).toThrow(expect.objectContaining({ code: 'DB_CANNOT_OPEN' }));
  });

  it('never leaves an open folder that is swapped for a link', async () => {
    const outcome = root.inFolder('sub', async (folder) => {
      renameSync(inside('sub'), inside('moved'));
      symlinkSync(home.join('outside'), inside('sub'));
      const text = await readIn(folder, 'a.txt');
      await write(folder, 'new.txt', 'inside');
      await folder.rename('new.txt', folder, 'a.txt');
      return text;
    });
    if (byDescriptors) {
      expect(await outcome).toBe('inside');
      expect(readFileSync(inside('moved', 'a.txt'), 'utf8')).toBe('inside');
    } else await expect(outcome).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
    expect(readFileSync(home.join('outside', 'a.txt'), 'utf8')).toBe('outside');
    expect(readdirSync(home.join('outside')).sort()).toEqual(['a.txt', 'deep']);
  });

  // By paths alone, several swaps between the looks of one call can't be noticed.
  it.runIf(byDescriptors)('reads nothing from outside while a process swaps a folder for a link', async () => {
    await using _ = await SwappingProcess.start(inside('sub'), inside('link'));
    const outcomes = new Map<string | undefined, number>();
    for (let i = 0; i < TRIES; i++) {
      const outcome = await read('sub/a.txt').catch((error) => codeOf(error));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()]).toContain('DB_OUTSIDE_ROOT');
    expect([...outcomes.keys()]).not.toContain('outside');
  });

  it.runIf(byDescriptors)('writes nothing outside while a process swaps a folder for a link', async () => {
    await using _ = await SwappingProcess.start(inside('sub'), inside('link'));
    let written = 0;
    for (let i = 0; i < TRIES; i++) {
      try {
        const wasThere = await root.inFolder('sub', async (folder) => {
          await write(folder, 'new.txt', 'new');
          await folder.rename('new.txt', folder, 'a.txt');
          return true;
        });
        if (wasThere === true) written++;
      } catch (error) {
        if (codeOf(error) !== 'DB_OUTSIDE_ROOT') throw error;
      }
    }
    expect(written).toBeGreaterThan(0);
    expect(readFileSync(home.join('outside', 'a.txt'), 'utf8')).toBe('outside');
    expect(readdirSync(home.join('outside')).sort()).toEqual(['a.txt', 'deep']);
  });
});

/** The code of an error that a swap may lead to; any other is thrown on. */
function codeOf(error: unknown): string {
  if (hasErrorCode(error, 'DB_OUTSIDE_ROOT')) return error.code;
  // For a moment there is nothing at the path.
  if (hasSystemCode(error, 'ENOENT')) return 'ENOENT';
  throw error;
}

describe('a path below a root', () => {
  it.each([
    ['a/b.txt', 'a/b.txt'],
    ['./a//b/../c.txt', 'a/c.txt'],
    ['..a/b', '..a/b'],
  ])('%j becomes %j', (path, normalized) => {
    expect(requireRelativePath(path)).toBe(normalized);
  });

  it.each(['', '.', '..', '../a', '/a', 'a/../..', 'a\0', 'C:\\a', 'c:a'])('refuses %j', (path) => {
    expect(() => requireRelativePath(path)).toThrow(expect.objectContaining({ code: 'DB_OUTSIDE_ROOT' }));
  });

  it('refuses text that the system would take for another', () => {
    expect(() => requireRelativePath('a\ud800')).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
  });

  it('is split into its folder and its name', () => {
    expect([splitPath('a/b/c'), splitPath('c')]).toEqual([
      { folder: 'a/b', name: 'c' },
      { folder: '', name: 'c' },
    ]);
  });
});
