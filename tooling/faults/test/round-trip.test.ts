import { CacheRepository } from '@codebuddy/db-cache';
import { decodeJson } from '@codebuddy/db-core/internal';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scaled } from '../src/scale.ts';

const parameters = { numRuns: scaled(150, 10_000), seed: 2 };

/** Any text: what is no text in Unicode comes back as SQLite can store it. */
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('a\0b'));
const name = text.filter((value) => value !== '');
// Two keys that SQLite could not tell apart are refused.
const cacheKey = name.filter((key) => key.isWellFormed() && !key.includes('\0'));
const json = fc.jsonValue().map((value) => decodeJson(JSON.stringify(value)));
const metadata = fc.dictionary(
  name.filter((key) => key !== '__proto__' && key === key.toWellFormed()),
  json,
);
const vector = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 8 })
  .map((numbers) => Float32Array.from(numbers));
const stored = (value: string) => value.toWellFormed();
const counts = fc.nat();

it('any memory comes back as it was given', async () => {
  using database = await temporaryDatabase();
  const memories = new MemoryRepository(database.db);
  let made = 0;
  fc.assert(
    fc.property(
      name,
      name,
      vector,
      fc.float({ min: 0, max: 1, noNaN: true }),
      metadata,
      (content, project, embedding, importance, meta) => {
        const id = `m${made++}`;
        memories.create({
          id,
          type: 'fact',
          scope: 'project',
          project_id: `${project}${made}`,
          content,
          embedding,
          importance,
          metadata: meta,
        });
        expect(memories.getById(id)).toMatchObject({
          content: stored(content),
          project_id: stored(`${project}${made}`),
          embedding,
          importance,
          metadata: JSON.parse(stored(JSON.stringify(meta))),
        });
      },
    ),
    parameters,
  );
});

it('any message comes back as it was given', async () => {
  using database = await temporaryDatabase();
  const sessions = new SessionRepository(database.db);
  const { id } = sessions.createSession();
  fc.assert(
    fc.property(text, json, counts, metadata, (content, toolCalls, tokens, meta) => {
      const { id: key } = sessions.addMessage({
        session_id: id,
        role: 'tool',
        content,
        tool_calls: toolCalls,
        tokens,
        metadata: meta,
      });
      expect(sessions.getRecentMessages(id, 1)[0]).toMatchObject({
        id: key,
        content: stored(content),
        tokens,
        // In a record, null means that there is none.
        ...(toolCalls === null ? {} : { tool_calls: JSON.parse(stored(JSON.stringify(toolCalls))) }),
      });
    }),
    parameters,
  );
});

it('any value of the cache comes back as it was given', async () => {
  using database = await temporaryDatabase();
  const cache = new CacheRepository(database.db);
  fc.assert(
    fc.property(cacheKey, json, (key, value) => {
      cache.set(key, value);
      expect(cache.get(key)).toEqual(JSON.parse(stored(JSON.stringify(value))));
    }),
    parameters,
  );
});

it('any chunk comes back as it was given, and is found by its own vector', async () => {
  using database = await temporaryDatabase();
  const chunks = new EmbeddingRepository(database.db);
  let made = 0;
  fc.assert(
    fc.property(name, text, vector, (path, content, embedding) => {
      const chunk = chunks.upsert({
        project_id: `p${made++}`,
        file_path: path,
        chunk_index: 0,
        chunk_text: `${made} ${content}`,
        embedding,
        embedding_model: `m${made}`,
      });
      expect(chunks.getById(chunk.id)).toMatchObject({ chunk_text: stored(`${made} ${content}`), embedding });
      expect(chunks.searchSimilar(embedding, { embeddingModel: `m${made}` })[0]?.embedding.id).toBe(chunk.id);
    }),
    parameters,
  );
});
