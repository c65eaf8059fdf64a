import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { expect, it } from 'vitest';
import { chunkOf } from '../src/swapped-rows.ts';

const WRITER = fileURLToPath(new URL('../src/workers/swap-rows.ts', import.meta.url));
const ROUNDS = 500;

it('every search sees one state of the database while another process swaps rows', async () => {
  using database = await temporaryDatabase({ busyTimeoutMs: 30_000 });
  const memories = new MemoryRepository(database.db);
  const chunks = new EmbeddingRepository(database.db);
  for (let row = 0; row < 40; row++) {
    const type = row < 20 ? 'fact' : 'preference';
    const embedding = Float32Array.of(1, row / 1_000);
    memories.create({ id: `${row}`, type, content: `note ${row}`, embedding, embedding_model: 'm' });
  }
  for (const file of ['0.ts', '1.ts']) {
    chunks.bulkUpsert(Array.from({ length: 10 }, (_, index) => chunkOf(file, index, 0)));
  }
  const writer = fork(WRITER, [database.path], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  await once(writer, 'message');
  const query = Float32Array.of(1, 0.005);
  const wrong = { memories: 0, hybrid: 0, chunks: 0, statistics: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const facts = memories.searchSimilar(query, { type: 'fact' }, 20);
    if (facts.length !== 20 || facts.some(({ memory }) => memory.type !== 'fact')) wrong.memories++;
    const mixed = memories.searchHybrid('note', query, { type: 'fact', limit: 20 });
    if (mixed.length !== 20 || mixed.some(({ item }) => item.type !== 'fact')) wrong.hybrid++;
    const found = chunks.searchSimilar(query, { projectId: 'p', filePath: '0.ts' }, 10);
    // The chunks of a file are written together.
    if (found.length !== 10 || new Set(found.map(({ embedding }) => embedding.chunk_text)).size !== 1) wrong.chunks++;
    const { totalEmbeddings, byLanguage } = chunks.getStats();
    if (totalEmbeddings !== 20 || Object.values(byLanguage).some((count) => count !== 20)) wrong.statistics++;
    if (round % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const ended = once(writer, 'exit');
  writer.kill('SIGKILL');
  await ended;
  expect(wrong).toEqual({ memories: 0, hybrid: 0, chunks: 0, statistics: 0 });
}, 120_000);
