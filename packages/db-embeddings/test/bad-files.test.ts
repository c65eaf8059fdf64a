// One bad file, or one text that the model refuses, never keeps the rest of a project out of the index.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddingFailedError } from '@codebuddy/db-core';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingProvider, EmbeddingRepository, ProjectIndexer } from '../src/index.ts';

const NOBODY = 65_534;

describe('an index of a project', () => {
  let project: TemporaryFolder;
  let database: TemporaryDatabase;
  let repository: EmbeddingRepository;
  beforeEach(async () => {
    project = new TemporaryFolder();
    database = await temporaryDatabase();
    repository = new EmbeddingRepository(database.db);
  });
  afterEach(() => {
    database[Symbol.dispose]();
    project[Symbol.dispose]();
  });

  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(project.join(path)), { recursive: true });
    writeFileSync(project.join(path), content);
  };
  const paths = () => [...new Set(repository.find({ projectId: 'p' }).map((chunk) => chunk.file_path))].sort();

  /** An indexer with a model that may refuse texts. */
  function indexerWith(
    embed: (texts: readonly string[]) => void = () => undefined,
    onEmbed: () => void = () => undefined,
  ) {
    const provider = new EmbeddingProvider({
      provider: async (texts: readonly string[]) => {
        onEmbed();
        embed(texts);
        return texts.map((text) => [text.length, 1]);
      },
      model: 'm',
    });
    return new ProjectIndexer({ repository, provider, projectId: 'p', projectPath: project.path });
  }

  it('goes on where a file or a folder may not be read, lists both, and keeps what it knew of the file', async () => {
    write('a.ts', 'export const a = 1;\n');
    write('b.ts', 'export const b = 1;\n');
    write('in/c.ts', 'export const c = 1;\n');
    write('in/.gitignore', 'x.ts\n');
    write('z.ts', 'export const z = 1;\n');
    await indexerWith().index();
    for (const folder of [project.path, dirname(database.path)]) chmodSync(folder, 0o755);
    chmodSync(project.join('b.ts'), 0);
    chmodSync(project.join('in'), 0);
    write('a.ts', 'export const a = 2;\n');
    const report = await asNobody(() => indexerWith().index());
    expect(report).toMatchObject({ files: 2, indexed: 1 });
    expect(report.skipped).toEqual([
      { path: 'b.ts', reason: 'unreadable' },
      { path: 'in', reason: 'unreadable' },
    ]);
    expect(paths()).toEqual(['a.ts', 'b.ts', 'z.ts']);
    chmodSync(project.join('in'), 0o755);
  });

  it('goes on without a file that goes while the model is asked', async () => {
    for (let i = 100; i < 300; i++) write(`f${i}.ts`, `export const v${i} = ${i};\n`);
    const report = await indexerWith(
      () => undefined,
      () => rmSync(project.join('f290.ts'), { force: true }),
    ).index();
    expect([paths().length, report.skipped]).toEqual([199, []]);
  });

  it('cuts a file by lines that is nested too deeply for the parser, and the next one by symbols', async () => {
    write('a.js', `${'{'.repeat(20_000)}${'}'.repeat(20_000)}\n`);
    write('b.js', `x = ${'['.repeat(5_000)}1${']'.repeat(5_000)};\n`);
    write('z.ts', 'export function last() {\n  return 1;\n}\n');
    const report = await indexerWith().index();
    expect(paths()).toEqual(['a.js', 'b.js', 'z.ts']);
    expect(repository.searchBySymbol('last')).toHaveLength(1);
    expect(report.skipped.every(({ reason }) => reason === 'not-parsed')).toBe(true);
    expect(report.skipped.map(({ path }) => path)).toContain('a.js');
  });

  it('gives symbols up when the parser fails with every file, and says so', async () => {
    for (let i = 10; i < 30; i++) write(`bad${i}.js`, `${'{'.repeat(20_000)}${'}'.repeat(20_000)}\n`);
    write('z.ts', 'export function last() {\n  return 1;\n}\n');
    const report = await indexerWith().index();
    expect(report.skipped.filter(({ reason }) => reason === 'not-parsed')).toHaveLength(20);
    expect(report).toMatchObject({ files: 21, withoutSymbols: 'no-process' });
    expect(repository.searchBySymbol('last')).toHaveLength(0);
  });

  it('lists files that are too large or no text', async () => {
    write('large.ts', 'x'.repeat(1_000_001));
    write('binary.ts', Buffer.from([0x61, 0, 0x62]));
    write('small.ts', 'export const x = 1;\n');
    const { skipped } = await indexerWith().index();
    expect(skipped).toEqual([
      { path: 'binary.ts', reason: 'not-text' },
      { path: 'large.ts', reason: 'too-large' },
    ]);
  });

  it('cuts a chunk in two that is too long for the model', async () => {
    const lines = Array.from(
      { length: 45 },
      (_, i) => `export const entry${i} = { name: 'number ${i}', value: ${i} };`,
    );
    for (let i = 100; i < 200; i++) write(`f${i}.ts`, `export const v${i} = ${i};\n`);
    write('f110.ts', lines.join('\n'));
    const report = await indexerWith(refuse((text) => text.length > 1_000)).index();
    expect([paths().length, report.skipped]).toEqual([100, []]);
    const chunks = repository.find({ projectId: 'p', filePath: 'f110.ts' });
    expect(chunks.map(({ chunk_text }) => chunk_text).join('\n')).toBe(lines.join('\n'));
    expect(chunks.flatMap(({ start_line, end_line }) => [start_line, end_line])).toEqual(
      expect.arrayContaining([1, 45]),
    );
    expect(await indexerWith().index()).toMatchObject({ indexed: 0, unchanged: 100 });
  });

  it('leaves out a line that the model refuses by itself, and lists the file', async () => {
    write('a.ts', `export const a = 1;\nexport const bad = '${'x'.repeat(1_500)}';\nexport const c = 3;\n`);
    write('b.ts', 'export const b = 1;\n');
    const report = await indexerWith(refuse((text) => text.length > 1_000, true)).index();
    expect(report.skipped).toEqual([{ path: 'a.ts', reason: 'refused' }]);
    expect(paths()).toEqual(['a.ts', 'b.ts']);
    expect(
      repository.find({ projectId: 'p', filePath: 'a.ts' }).every(({ chunk_text }) => !/bad/.test(chunk_text)),
    ).toBe(true);
  });

  it('stops where the model takes nothing, and asks it no more than it must', async () => {
    for (let i = 100; i < 200; i++) write(`f${i}.ts`, `export const v${i} = ${i};\n`);
    let calls = 0;
    const indexer = indexerWith(
      refuse(() => true),
      () => void calls++,
    );
    await expect(indexer.index()).rejects.toMatchObject({ code: 'DB_EMBEDDING_FAILED' });
    expect(calls).toBe(2);
  });
});

/** A model that refuses a batch if it holds a text that it does not take. */
function refuse(isRefused: (text: string) => boolean, retryable = false) {
  return (texts: readonly string[]) => {
    if (texts.some(isRefused)) throw new EmbeddingFailedError('m: the server refused.', { retryable });
  };
}

/** Runs something with no more rights than anybody has: root may read everything. */
async function asNobody<Result>(run: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(NOBODY);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
