// Values of another realm, such as those that a test runner's own code makes: instances of other classes by the same names.
import { runInNewContext } from 'node:vm';
import { DatabaseError, hasErrorCode, redactSecrets } from '@codebuddy/db-core';
import { isError, isErrorNamed, toDatabaseError } from '@codebuddy/db-core/internal';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { EmbeddingProvider } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository } from '@codebuddy/db-sessions';
import { describe, expect, it } from 'vitest';

/** Evaluates an expression in a realm of its own. */
const elsewhere = (expression: string) => runInNewContext(`(${expression})`, { AbortController, DOMException });

describe('a value of another realm', () => {
  it('is taken as one of this realm: a vector, an instant, metadata', async () => {
    using database = await temporaryDatabase();
    const memories = new MemoryRepository(database.db);
    const vector = elsewhere('new Float32Array([3, 4])');
    expect(vector).not.toBeInstanceOf(Float32Array);
    const { id } = memories.create({
      type: 'fact',
      content: 'from elsewhere',
      embedding: vector,
      embedding_model: 'm',
      expires_at: elsewhere("new Date('2999-01-02T03:04:05.678Z')"),
      metadata: elsewhere('{ nested: { list: [1, 2] }, at: new Date(0) }'),
    });
    memories.update(id, {
      embedding: vector,
      embedding_model: 'm',
      expires_at: elsewhere("new Date('2999-01-02T03:04:05.679Z')"),
    });
    expect(memories.getById(id)).toMatchObject({
      expires_at: '2999-01-02T03:04:05.679Z',
      metadata: { nested: { list: [1, 2] }, at: '1970-01-01T00:00:00.000Z' },
    });
    const [found] = memories.searchSimilar(elsewhere('new Float32Array([6, 8])'), { embeddingModel: 'm' });
    expect(found?.similarity).toBeCloseTo(1);
  });

  it('is still refused if it is of the wrong kind', async () => {
    using database = await temporaryDatabase();
    const memories = new MemoryRepository(database.db);
    const create = (part: object) => () => memories.create({ type: 'fact', content: 'c', ...part });
    expect(create({ metadata: elsewhere('new (class Money {})()') })).toThrow('metadata');
    expect(create({ metadata: elsewhere('[1]') })).toThrow('metadata');
    expect(create({ metadata: elsewhere('new Map()') })).toThrow('metadata');
    expect(create({ embedding: elsewhere('new Float64Array([1])') })).toThrow('embedding');
    expect(create({ expires_at: elsewhere('{ getTime: () => 0 }') })).toThrow('expires_at');
  });

  it('is redacted like any other, a string in an object of its own as well', async () => {
    using database = await temporaryDatabase({ redact: redactSecrets });
    const memories = new MemoryRepository(database.db);
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const metadata = elsewhere(`{ token: new String('${secret}') }`);
    const { id } = memories.create({ type: 'fact', content: 'c', metadata });
    expect(JSON.stringify(memories.getById(id))).not.toContain(secret);
  });

  it('is bound to a statement and stored in a checkpoint: bytes', async () => {
    using database = await temporaryDatabase();
    const bytes = elsewhere('new Uint8Array([1, 2, 255])');
    expect(database.manager.prepare('SELECT hex($bytes) AS hex').get({ bytes })).toEqual({ hex: '0102FF' });
    const checkpoints = new CheckpointRepository(database.db);
    const { id } = checkpoints.create({ project_id: 'p', files: [{ file_path: 'a', content: bytes }] });
    const contents = checkpoints.getFiles(id).map(({ content_hash: hash }) => checkpoints.getContent(hash ?? ''));
    expect(contents.map((content) => [...content])).toEqual([[1, 2, 255]]);
  });

  it('is noticed where an asynchronous function is none to be called', async () => {
    using database = await temporaryDatabase();
    const body = elsewhere('async () => 1');
    expect(() => database.manager.transaction(body)).toThrow('not async');
  });

  it('is taken from a model: a vector; and a signal ends a call early', async () => {
    const vector = elsewhere('new Float32Array([1, 0])');
    const provider = new EmbeddingProvider({ provider: async (texts) => texts.map(() => vector), model: 'm' });
    expect(Array.from((await provider.embed('text')).embedding)).toEqual([1, 0]);
    const signal = AbortSignal.abort(elsewhere("new DOMException('enough', 'AbortError')"));
    await expect(provider.embedBatch(['other'], { signal })).rejects.toThrow('enough');
  });
});

describe('an error of another realm', () => {
  it.each([
    'new Error()',
    "new TypeError('x')",
    "new DOMException('x', 'AbortError')",
    'new (class Own extends Error {})()',
  ])('is known as one: %s', (expression) => {
    expect(elsewhere(expression)).not.toBeInstanceOf(TypeError);
    expect(isError(elsewhere(expression))).toBe(true);
  });

  it.each(['{ message: "x" }', "'Error'", 'null', '[]'])('is told from what is none: %s', (expression) =>
    expect(isError(elsewhere(expression))).toBe(false),
  );

  it('keeps the class of the language', () => {
    expect(isErrorNamed(elsewhere("new RangeError('x')"), 'RangeError')).toBe(true);
    expect(isErrorNamed(elsewhere("new TypeError('x')"), 'RangeError')).toBe(false);
  });

  it.each([
    ['DB_BUSY', "Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })"],
    ['DB_CANNOT_OPEN', "Object.assign(new Error('no'), { code: 'ENOENT', syscall: 'open' })"],
    ['DB_NOT_INITIALIZED', "new TypeError('The database connection is not open')"],
    ['DB_CANNOT_OPEN', "new TypeError('Cannot open database because the directory does not exist')"],
    ['DB_TOO_LARGE', "new RangeError('The bound string is too big')"],
    ['DB_QUERY_FAILED', "new RangeError('The supplied SQL string contains more than one statement')"],
  ] as const)('becomes the typed error %s', (code, expression) => {
    const typed = toDatabaseError(elsewhere(expression), 'here');
    expect(DatabaseError.isInstance(typed) && hasErrorCode(typed, code)).toBe(true);
  });
});
