import { cosineSimilarity } from '@codebuddy/db-core/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LexicalEmbedder } from '../src/index.ts';

const embedder = new LexicalEmbedder();
const vectorOf = async (text: string) => (await embedder.embed([text])).embeddings[0] ?? new Float32Array();
const similarity = async (a: string, b: string) => cosineSimilarity(await vectorOf(a), await vectorOf(b));

describe('vectors of words', () => {
  it.each([
    ['get user by id', 'getUserById', 'parseDate'],
    ['user_session_token', 'UserSessionToken', 'database connection'],
    ['retries with backoff', 'retry backoff helper', 'colour palette'],
    ['HTTPServer', 'http server', 'json parser'],
    ['会话 存储', '会话', '缓存'],
  ])('bring %j closer to %j than to %j', async (query, near, far) => {
    expect(await similarity(query, near)).toBeGreaterThan((await similarity(query, far)) + 0.2);
  });

  it('are the same for the same text, of length 1, and finite for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const vector = await vectorOf(text);
        expect(vector).toEqual(await vectorOf(text));
        expect(vector).toHaveLength(512);
        const length = Math.hypot(...vector);
        expect(length === 0 || Math.abs(length - 1) < 1e-5).toBe(true);
      }),
    );
  });

  it('stay as they are from release to release: stored ones must remain comparable', async () => {
    const vector = await vectorOf('getUserById');
    const strongest = [...vector.entries()].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, 3);
    expect(strongest.map(([bucket, value]) => `${bucket}:${value.toFixed(4)}`)).toMatchInlineSnapshot(`
      [
        "412:0.7452",
        "169:-0.3548",
        "65:-0.2661",
      ]
    `);
  });
});
