import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmbeddingProvider, EmbeddingRepository, ProjectIndexer } from '../src/index.ts';
import { chunkByLines } from '../src/indexing/chunk-by-lines.ts';
import { chunkBySymbols } from '../src/indexing/chunk-by-symbols.ts';
import { SymbolParser } from '../src/indexing/symbol-parser.ts';
import { findParser } from '../src/indexing/symbol-process.ts';

let project: TemporaryFolder;
beforeEach(() => {
  project = new TemporaryFolder();
});
afterEach(() => project[Symbol.dispose]());

const write = (path: string, content: string | Uint8Array = 'export const x = 1;\n') => {
  mkdirSync(dirname(project.join(path)), { recursive: true });
  writeFileSync(project.join(path), content);
};

describe('chunks of lines', () => {
  it('hold every line once, in order, and are never too long', () => {
    const line = fc.string({ maxLength: 120 }).map((text) => text.replace(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300 }), (lines) => {
        const chunks = chunkByLines(lines.join('\n'));
        let last = 0;
        for (const { text, startLine, endLine } of chunks) {
          expect(startLine).toBeGreaterThan(last);
          expect(
            lines
              .slice(last, startLine - 1)
              .join('')
              .trim(),
          ).toBe('');
          expect(text).toBe(
            lines
              .slice(startLine - 1, endLine)
              .join('\n')
              .slice(0, 4_000),
          );
          expect(text.length).toBeLessThanOrEqual(4_000);
          last = endLine;
        }
        expect(lines.slice(last).join('').trim()).toBe('');
      }),
    );
  });

  it('end at blank lines where they can', () => {
    const lines = Array.from({ length: 100 }, (_, i) => (i === 45 ? '' : `line ${i + 1}`));
    expect(chunkByLines(lines.join('\n')).map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [1, 46],
      [47, 100],
    ]);
    expect(chunkByLines('x'.repeat(10_000))).toHaveLength(1);
    expect(chunkByLines('\n \n')).toEqual([]);
  });
});

const loadParser = async () => {
  const files = findParser();
  return files === undefined ? undefined : SymbolParser.load(files);
};

describe('chunks of symbols', () => {
  const symbolsOf = async (language: string, text: string) => {
    const parser = await loadParser();
    const symbols = (await parser?.symbolsOf(text, language)) ?? [];
    return chunkBySymbols(text, symbols).map(
      ({ symbolType, symbolName, startLine, endLine }) => `${symbolType} ${symbolName} ${startLine}-${endLine}`,
    );
  };

  it.each([
    [
      'typescript',
      'import a from "a";\n\nexport class Cart {\n  total() {}\n}\nexport const parse = () => 1;\ninterface Shape {}\ntype Id = string;\nenum Kind { A }\n',
      [
        'undefined undefined 1-2',
        'class Cart 3-5',
        'function parse 6-6',
        'interface Shape 7-7',
        'type Id 8-8',
        'type Kind 9-9',
      ],
    ],
    ['javascript', 'function a() {\n}\nasync function* b() {}\n', ['function a 1-2', 'function b 3-3']],
    [
      'python',
      'import os\n@cached\ndef load():\n    pass\nclass Cart:\n    def total(self): pass\n',
      ['undefined undefined 1-1', 'function load 2-4', 'class Cart 5-6'],
    ],
    [
      'rust',
      'struct Cart;\nimpl Cart {\n  fn total(&self) {}\n}\nfn main() {}\ntrait Shape {}\n',
      ['class Cart 1-1', 'class Cart 2-4', 'function main 5-5', 'interface Shape 6-6'],
    ],
    [
      'go',
      'package a\n\nfunc Total() {}\ntype Cart struct{}\nfunc (c Cart) Sum() {}\n',
      ['undefined undefined 1-2', 'function Total 3-3', 'type Cart 4-4', 'method Sum 5-5'],
    ],
    ['java', 'class Cart {\n  void total() {}\n}\n', ['class Cart 1-3']],
    ['c', 'int total(int a) {\n  return a;\n}\n', ['function total 1-3']],
    ['ruby', 'class Cart\n  def total; end\nend\n', ['class Cart 1-3']],
  ])('are found in %s', async (language, text, expected) => expect(await symbolsOf(language, text)).toEqual(expected));

  it('give the methods of a long class a chunk each, and lose no line', async () => {
    const method = (i: number) => [`  method${i}() {`, ...Array(20).fill('    work();'), '  }'];
    const lines = ['class Long {', ...[1, 2, 3, 4].flatMap(method), '}'];
    expect(await symbolsOf('typescript', lines.join('\n'))).toEqual([
      'class Long 1-1',
      'method Long.method1 2-23',
      'method Long.method2 24-45',
      'method Long.method3 46-67',
      'method Long.method4 68-89',
      'class Long 90-90',
    ]);
  });

  it('hold every line once, in order, whatever the text', async () => {
    const parser = await loadParser();
    const part = fc.constantFrom(
      'class A {',
      '}',
      'function f() {',
      'const x = 1;',
      '',
      '  m() {}',
      'export',
      '/* open',
      '`',
      ')',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 60 }), async (lines) => {
        const text = lines.join('\n');
        const chunks = chunkBySymbols(text, (await parser?.symbolsOf(text, 'typescript')) ?? []);
        let last = 0;
        for (const { startLine, endLine } of chunks) {
          expect(startLine).toBeGreaterThan(last);
          expect(
            lines
              .slice(last, startLine - 1)
              .join('')
              .trim(),
          ).toBe('');
          last = endLine;
        }
        expect(lines.slice(last).join('').trim()).toBe('');
      }),
    );
  });
});

describe('ProjectIndexer', () => {
  let database: TemporaryDatabase;
  let repository: EmbeddingRepository;
  beforeEach(async () => {
    database = await temporaryDatabase();
    repository = new EmbeddingRepository(database.db);
  });
  afterEach(() => database[Symbol.dispose]());

  const create = (provider = new EmbeddingProvider({ provider: 'lexical' })) =>
    new ProjectIndexer({ repository, provider, projectId: 'p', projectPath: project.path, maxFileBytes: 10_000 });
  const files = () => [...new Set(repository.find().map(({ file_path }) => file_path))];

  it('indexes what is text and of bearable size, and finds it', async () => {
    write('src/retry.ts', 'export function retryWithBackoff() {}\n');
    write('docs/palette.md', '# Colours\n');
    write('src/deep/large.ts', 'x'.repeat(20_000));
    write('binary.ts', new Uint8Array([1, 0, 2]));
    write('image.png', 'no text');
    const report = await create().index();
    expect(report).toMatchObject({ files: 2, indexed: 2, unchanged: 0, chunks: 2 });
    expect(report).not.toHaveProperty('withoutSymbols');
    const { embedding, model } = await new EmbeddingProvider({ provider: 'lexical' }).embed('retry backoff');
    expect(repository.searchSimilar(embedding, { embeddingModel: model })[0]?.embedding).toMatchObject({
      file_path: 'src/retry.ts',
      language: 'typescript',
      start_line: 1,
      symbol_type: 'function',
      symbol_name: 'retryWithBackoff',
    });
  });

  it('cuts by lines where no process can be started, and says so', async () => {
    vi.stubEnv('CODEBUDDY_STARTED_PROCESS', '1');
    write('src/retry.ts', 'export function retryWithBackoff() {}\n');
    expect(await create().index()).toMatchObject({ indexed: 1, chunks: 1, withoutSymbols: 'no-process' });
    expect(repository.find()).toMatchObject([{ file_path: 'src/retry.ts', start_line: 1 }]);
    expect(repository.find()[0]).not.toHaveProperty('symbol_name');
  });

  it('touches only what has changed, and removes what is gone', async () => {
    for (const path of ['a.ts', 'b.ts', 'c.ts']) write(path, `// ${path}\n`);
    await create().index();
    expect(await create().index()).toMatchObject({ files: 3, indexed: 0, unchanged: 3, removedChunks: 0, chunks: 0 });
    write('b.ts', '// changed\n');
    rmSync(project.join('c.ts'));
    write('d.ts', '// new\n');
    const seen: string[] = [];
    expect(await create().index({ onProgress: ({ path }) => seen.push(path) })).toMatchObject({
      indexed: 2,
      unchanged: 1,
      removedChunks: 1,
    });
    expect(seen).toEqual(['b.ts', 'd.ts']);
    expect(files()).toEqual(['a.ts', 'b.ts', 'd.ts']);
    expect(await create(new EmbeddingProvider({ provider: 'mock' })).index()).toMatchObject({
      indexed: 3,
      unchanged: 0,
    });
  });

  it('stores a vector once, with its chunk: it never goes through the cache', async () => {
    const looked: string[] = [];
    const cached: string[] = [];
    const provider = new EmbeddingProvider(
      { provider: 'lexical' },
      {
        getCachedVector: (text) => {
          looked.push(text);
          return undefined;
        },
        cacheVectors: (_model, vectors) => void cached.push(...vectors.map(({ text }) => text)),
      },
    );
    write('a.ts', '// once\n');
    await create(provider).index();
    expect(repository.getStats().totalEmbeddings).toBe(1);
    expect({ looked, cached }).toEqual({ looked: [], cached: [] });
  });

  it('embeds a chunk once that several files or branches have', async () => {
    const texts: string[] = [];
    const provider = new EmbeddingProvider({
      provider: async (batch) => {
        texts.push(...batch);
        return batch.map((text) => [text.length, 1]);
      },
    });
    write('a.ts', '// the same\n');
    write('copy/a.ts', '// the same\n');
    await create(provider).index();
    await new ProjectIndexer({ repository, provider, projectId: 'branch', projectPath: project.path }).index();
    expect(texts).toEqual(['// the same\n']);
    expect(database.db.prepare('SELECT count(*) AS n FROM code_contents').get()).toEqual({ n: 1 });
    expect(repository.getStats().totalEmbeddings).toBe(4);
  });

  it('goes on where it was killed', async () => {
    for (let i = 0; i < 400; i++) write(`file-${String(i).padStart(3, '0')}.ts`, `// number ${i}\n`);
    const worker = fork(
      fileURLToPath(new URL('./support/index-forever.ts', import.meta.url)),
      [database.path, project.path],
      { execArgv: [] },
    );
    await once(worker, 'message');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    const done = files().length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(400);
    const provider = new EmbeddingProvider({ provider: async (texts) => texts.map((text) => [text.length, 1]) });
    expect(await create(provider).index()).toMatchObject({ files: 400, indexed: 400 - done, unchanged: done });
    expect(files()).toHaveLength(400);
  });

  it('stops when it is told to, and keeps what is done', async () => {
    for (let i = 0; i < 200; i++) write(`file-${i}.ts`, `// ${i}\n`);
    const controller = new AbortController();
    const stop = create().index({ signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) });
    await expect(stop).rejects.toThrow('enough');
    expect(files().length).toBeGreaterThan(0);
    expect(files().length).toBeLessThan(200);
  });
});
