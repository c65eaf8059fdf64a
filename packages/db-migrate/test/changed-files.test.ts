import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Phase } from '../src/index.ts';
import { LegacyHome } from './support/legacy-home.ts';

/** For each kind of file: its path, its content with some entries, and what is stored of them. */
const FILES: Readonly<
  Record<
    Phase,
    { path: string; content: (texts: readonly string[]) => unknown; stored: (legacy: LegacyHome) => string[] }
  >
> = {
  memories: {
    path: 'memories.json',
    content: (texts) => texts.map((content) => ({ type: 'fact', content })),
    stored: ({ memories }) => memories.find().map(({ content }) => content),
  },
  sessions: {
    path: 'sessions/s.json',
    content: (texts) => ({ id: 's', messages: texts.map((content) => ({ role: 'user', content })) }),
    stored: ({ sessions }) => sessions.getMessages('s').map(({ content }) => content ?? ''),
  },
  cache: {
    path: 'cache/semantic-cache.json',
    content: (texts) => texts.map((key) => ({ key, value: 1 })),
    stored: ({ cache }) => cache.keys(),
  },
  analytics: {
    path: 'cost-history.json',
    content: (texts) => ({ sessions: texts.map((model) => ({ cost: 1, model, date: '2025-01-01' })) }),
    stored: ({ analytics }) => analytics.getAnalytics().map(({ model, cost }) => `${model}`.repeat(cost)),
  },
};

/** Ways in which another program brings a file to another content. */
const WAYS: Readonly<Record<string, (path: string, content: string) => void>> = {
  'is written anew in its place': (path, content) => writeFileSync(path, content),
  'is replaced by another file': (path, content) => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  },
  'is replaced by another file of the same time': (path, content) => {
    const { atimeMs, mtimeMs } = statSync(path);
    writeFileSync(`${path}.new`, content);
    utimesSync(`${path}.new`, atimeMs / 1_000, mtimeMs / 1_000);
    renameSync(`${path}.new`, path);
  },
  'is written to without its time telling so': (path, content) => {
    const { atimeMs, mtimeMs } = statSync(path);
    writeFileSync(path, content);
    utimesSync(path, atimeMs / 1_000, mtimeMs / 1_000);
  },
};

/** Two contents of one length, so that the size does not tell them apart either. */
const BEFORE = ['first', 'third'];
const AFTER = ['first', 'other', 'third'];
const padded = (value: unknown) => JSON.stringify(value).padEnd(400);

describe.each(Object.entries(FILES))(
  'a file of %s that changes during its import',
  (phase, { path, content, stored }) => {
    let legacy: LegacyHome;
    beforeEach(async () => {
      legacy = await LegacyHome.open();
      legacy.write(path, padded(content(BEFORE)));
      // A time of whole seconds can be set again exactly.
      utimesSync(legacy.home.join(path), 1_700_000_000, 1_700_000_000);
    });
    afterEach(() => legacy[Symbol.dispose]());

    /** Imports the file, and changes it once it has been read. */
    async function importWhile(change: () => void, deleteAfterMigration = true) {
      const migration = legacy.migration({ deleteAfterMigration });
      let isChanged = false;
      migration.on('advance', (event) => {
        if (event.phase === phase && !isChanged) change();
        isChanged = true;
      });
      return migration.migrate();
    }

    const everything = () => stored(legacy).sort();

    it.each(Object.entries(WAYS))('keeps its name if it %s, and is imported again', async (_, change) => {
      const file = legacy.home.join(path);
      const result = await importWhile(() => change(file, padded(content(AFTER))));
      expect(result).toMatchObject({
        success: false,
        errors: [`${file}: it was changed while it was imported; import it again`],
      });
      expect(result.files[0]).not.toHaveProperty('renamedTo');
      expect(readFileSync(file, 'utf8')).toBe(padded(content(AFTER)));
      expect(existsSync(`${file}.migrated`)).toBe(false);
      expect(everything()).toEqual(BEFORE);
      expect(legacy.migration().needsMigration()).toBe(true);

      expect(await legacy.migrate({ deleteAfterMigration: true })).toMatchObject({
        success: phase !== 'sessions',
        errors:
          phase === 'sessions' ? [expect.stringContaining('message 2'), expect.stringContaining('message 3')] : [],
      });
      // A conversation that is another one by now is not mixed with the one that is stored: the file keeps it.
      expect(everything()).toEqual(phase === 'sessions' ? BEFORE : AFTER);
      expect(existsSync(file)).toBe(phase === 'sessions');
    });

    it('is imported again if it grows, also where no file is to be renamed', async () => {
      const file = legacy.home.join(path);
      const grown = [...BEFORE, 'younger'];
      const { success, errors } = await importWhile(() => writeFileSync(file, `${padded(content(grown))} `), false);
      expect({ success, errors }).toEqual({ success: false, errors: [expect.stringContaining('it was changed')] });
      expect(legacy.migration().needsMigration()).toBe(true);
      expect(await legacy.migrate({ deleteAfterMigration: true })).toMatchObject({ success: true, errors: [] });
      expect(everything()).toEqual([...grown].sort());
      expect(legacy.migration().needsMigration()).toBe(false);
    });

    it('may be gone by then: another process has imported it', async () => {
      const file = legacy.home.join(path);
      const result = await importWhile(() => renameSync(file, `${file}.migrated`));
      expect(result).toMatchObject({ success: true, errors: [] });
      expect(everything()).toEqual(BEFORE);
    });

    it('is reported on a dry run too', async () => {
      const file = legacy.home.join(path);
      const migration = legacy.migration({ dryRun: true });
      migration.on('advance', (event) => {
        if (event.phase === phase) appendFileSync(file, ' ');
      });
      expect((await migration.migrate()).errors).toEqual([expect.stringContaining('it was changed')]);
    });
  },
);

describe('a file that changes while it is read', () => {
  it('is left at once: nothing is stored of what came after', async () => {
    using legacy = await LegacyHome.open();
    const texts = Array.from({ length: 2_500 }, (_, index) => `${index} ${'x'.repeat(1_000)}`);
    legacy.write('memories.json', FILES.memories.content(texts));
    const file = legacy.home.join('memories.json');
    const migration = legacy.migration({ deleteAfterMigration: true });
    migration.on('advance', ({ entries }) => {
      if (entries === 1_000)
        writeFileSync(file, JSON.stringify(FILES.memories.content(texts.map((text) => `new ${text}`))));
    });
    const { errors, files } = await migration.migrate();
    expect(errors).toEqual([`${file}: it was changed while it was imported; import it again`]);
    expect(files[0]?.inserted).toBeLessThan(2_000);
    expect(legacy.memories.find().filter(({ content }) => content.startsWith('new'))).toEqual([]);
    expect(await legacy.migrate({ deleteAfterMigration: true })).toMatchObject({ success: true });
    expect(legacy.memories.find().filter(({ content }) => content.startsWith('new'))).toHaveLength(2_500);
  });

  it('is no matter if it is removed', async () => {
    using legacy = await LegacyHome.open();
    legacy.write('memories.json', FILES.memories.content(['a']));
    const migration = legacy.migration({ deleteAfterMigration: true });
    migration.on('advance', () => rmSync(legacy.home.join('memories.json')));
    expect(await migration.migrate()).toMatchObject({ success: true });
    expect(legacy.memories.find()).toHaveLength(1);
  });
});
