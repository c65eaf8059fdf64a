import { writeFileSync } from 'node:fs';
import { initializeDatabase, redactSecrets, resetDatabaseManager } from '@codebuddy/db-core';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  EmbeddingProvider,
  EmbeddingRepository,
  getEmbeddingRepository,
  ProjectIndexer,
  type ProjectIndexerConfig,
  resetEmbeddingRepository,
} from '../src/index.ts';

const TOKEN = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
const KEY_LINE = 'MIIEpAIBAAKCAQEAx1Y2z3A4'.padEnd(64, 'x1Y2z3A4');
const KEY = [
  ['-----BEGIN RSA PRIVATE', ' KEY-----'].join(''),
  ...Array<string>(120).fill(KEY_LINE),
  ['-----END RSA PRIVATE', ' KEY-----'].join(''),
].join('\n');

/** A token at the end of a chunk, where four thousand characters are cut off in its middle, and a key over three chunks. */
const LONG = `const long = '${'x'.repeat(3_960)} ${TOKEN}';`;
const FILES = {
  'token.ts': `export function connect() {\n  return open("a\\n${TOKEN}");\n}\n\nexport const next = 1;\n`,
  'long.md': `${LONG}\nafter\n`,
  'key.md': `# Keys\n\n${KEY}\n\nThe end.\n`,
};

describe('an index that redacts secrets', () => {
  let database: TemporaryDatabase;
  let project: TemporaryFolder;
  let sent: string[];
  beforeEach(async () => {
    database = await temporaryDatabase();
    project = new TemporaryFolder();
    sent = [];
    for (const [name, content] of Object.entries(FILES)) writeFileSync(project.join(name), content);
  });
  afterEach(() => {
    project[Symbol.dispose]();
    database[Symbol.dispose]();
  });

  const provider = new EmbeddingProvider({
    model: 'lengths',
    provider: async (texts) => {
      sent.push(...texts);
      return texts.map((text) => [text.length, 1]);
    },
  });
  const index = (repository: EmbeddingRepository, config: Partial<ProjectIndexerConfig> = {}) =>
    new ProjectIndexer({ repository, provider, projectId: 'p', projectPath: project.path, ...config }).index();
  const chunks = (repository: EmbeddingRepository) =>
    repository
      .find({ projectId: 'p' })
      .map(({ embedding: _, id: __, created_at: ___, updated_at: ____, ...chunk }) => chunk);
  const isAnywhere = (secret: string) =>
    Buffer.from(database.db.serialize()).includes(secret) || sent.some((text) => text.includes(secret));

  it.each([
    ['by its repository', { redact: redactSecrets }, {}],
    ['by itself', {}, { redact: redactSecrets }],
  ])('stores and sends none, and keeps lines, symbols and hashes: told %s', async (_, options, config) => {
    const plain = new EmbeddingRepository(database.db);
    await index(plain);
    const before = chunks(plain);
    plain.deleteForProject('p');
    database.db.exec('VACUUM');
    sent = [];

    const repository = new EmbeddingRepository(database.db, options);
    await index(repository, config);
    expect(sent.length).toBeGreaterThan(3);
    expect([TOKEN, TOKEN.slice(0, 20), KEY_LINE].filter(isAnywhere)).toEqual([]);
    const after = chunks(repository);
    expect(after.map(({ chunk_text }) => chunk_text)).toEqual(
      expect.arrayContaining([
        'export function connect() {\n  return open("a\\n[redacted: GitHub token]");\n}',
        expect.stringContaining('x [redacted: GitHub'),
        expect.stringMatching(/^# Keys\n\n\[redacted: private key\]\n+$/),
      ]),
    );
    // The lines of the key that fill a chunk of their own are left out.
    const places = after.map(({ chunk_text: _, chunk_index: __, ...place }) => place);
    expect(before.map(({ chunk_text: _, chunk_index: __, ...place }) => place)).toEqual(expect.arrayContaining(places));
    expect(before.length - after.length).toBe(1);
  });

  it('indexes files again when it begins or ends to redact, and no more after that', async () => {
    const [plain, redacting] = [
      new EmbeddingRepository(database.db),
      new EmbeddingRepository(database.db, { redact: redactSecrets }),
    ];
    expect(await index(plain)).toMatchObject({ indexed: 3 });
    expect(await index(redacting)).toMatchObject({ indexed: 3, unchanged: 0 });
    database.db.exec('VACUUM');
    sent = [];
    expect(isAnywhere(TOKEN)).toBe(false);
    expect(await index(redacting)).toMatchObject({ indexed: 0, unchanged: 3 });
    expect(await index(plain)).toMatchObject({ indexed: 3 });
    expect(isAnywhere(TOKEN)).toBe(true);
  });

  it('stores chunks of others without them, each with the hash of what was given', () => {
    const repository = new EmbeddingRepository(database.db, { redact: redactSecrets });
    const chunk = {
      project_id: 'p',
      file_path: 'a',
      chunk_index: 0,
      embedding: Float32Array.of(1, 2),
      embedding_model: 'm',
    };
    const text = `line 1\n${KEY}\nline 123`;
    const { chunk_hash } = new EmbeddingRepository(database.db).upsert({ ...chunk, chunk_text: text });
    const stored = repository.upsert({ ...chunk, chunk_text: text });
    expect(stored.chunk_hash).toBe(chunk_hash);
    expect(stored.chunk_text.split('\n')).toHaveLength(124);
    repository.replaceFile('p', 'b', 'h', [{ ...chunk, chunk_text: TOKEN, chunk_hash: 'mine' }]);
    expect(repository.find({ filePath: 'b' })[0]).toMatchObject({
      chunk_text: '[redacted: GitHub token]',
      chunk_hash: 'mine',
    });
    database.db.exec('VACUUM');
    expect([TOKEN, KEY_LINE].filter(isAnywhere)).toEqual([]);
  });

  it('is the shared one if that was asked for when it was made', async () => {
    await initializeDatabase({ inMemory: true });
    expect(getEmbeddingRepository({ redact: redactSecrets }).redact?.(TOKEN)).toBe('[redacted: GitHub token]');
    expect(getEmbeddingRepository().redact).toBeDefined();
    resetEmbeddingRepository();
    expect(getEmbeddingRepository().redact).toBeUndefined();
    resetEmbeddingRepository();
    resetDatabaseManager();
  });
});

it('an index keeps code as it is if it was not asked to redact, whatever its connection redacts', async () => {
  using database = await temporaryDatabase({ redact: redactSecrets });
  const repository = new EmbeddingRepository(database.db);
  const chunk = {
    project_id: 'p',
    file_path: 'a',
    chunk_index: 0,
    chunk_text: TOKEN,
    embedding: Float32Array.of(1, 2),
  };
  expect(repository.upsert(chunk).chunk_text).toBe(TOKEN);
  const none: object = { redact: 'redactSecrets' };
  expect(() => new EmbeddingRepository(database.db, none)).toThrow(/Invalid redact/);
});
