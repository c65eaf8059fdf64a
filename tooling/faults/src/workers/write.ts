// Writes through every repository, at random and without end, and acknowledges each call that returned.
import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { DatabaseManager } from '@codebuddy/db-core';
import { seededRandom } from '@codebuddy/db-core/testing';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import { randomVector } from '../random-vector.ts';
import { acknowledge } from './acknowledge.ts';

const [path, name = 'w', limit = 'Infinity'] = process.argv.slice(2);
const next = seededRandom(Number.parseInt(name.replace(/\D/g, ''), 10));
const manager = new DatabaseManager({ dbPath: path, busyTimeoutMs: 30_000 });
await manager.initialize();
const db = manager.getDatabase();
const memories = new MemoryRepository(db);
const sessions = new SessionRepository(db);
const cache = new CacheRepository(db);
const chunks = new EmbeddingRepository(db);
const analytics = new AnalyticsRepository(db);
const session = sessions.createSession({ id: `session-${name}` }).id;
const imported: string[] = [];

const newMemory = (id: string) => ({
  id,
  type: 'fact' as const,
  content: `memory ${id} of userById`,
  embedding: randomVector(next),
  embedding_model: 'm',
});

const calls: readonly ((id: string) => void)[] = [
  (id) => {
    memories.create(newMemory(id));
    acknowledge({ kind: 'memory', id });
  },
  (id) => {
    memories.bulkCreate(Array.from({ length: 5 }, (_, i) => newMemory(`${id}/${i}`)));
    acknowledge({ kind: 'memories', id, count: 5 });
  },
  (id) => {
    sessions.addMessage({ session_id: session, role: 'user', content: `message ${id}`, operation_id: id });
    acknowledge({ kind: 'message', id });
  },
  (id) => {
    cache.set(id, { id }, { tags: ['all', id], embedding: randomVector(next), embeddingModel: 'm' });
    acknowledge({ kind: 'cache', id });
  },
  (id) => {
    const chunk = (index: number) => ({
      project_id: id,
      file_path: 'src/a.ts',
      chunk_index: index,
      chunk_text: `function f${index}() { return '${id}'; }`,
      embedding: randomVector(next),
      embedding_model: 'm',
    });
    chunks.bulkUpsert(Array.from({ length: 20 }, (_, index) => chunk(index)));
    acknowledge({ kind: 'chunks', id, count: 20 });
  },
  (id) => {
    const at = '2026-01-01T00:00:00.000Z';
    const usage = { total_tokens_in: 1, total_tokens_out: 1, total_cost: 0.1, tool_calls_count: 0 };
    const message = (i: number) => ({
      role: 'user' as const,
      content: `imported ${i}`,
      tokens: 1,
      created_at: at,
      operation_id: `${id}/${i}`,
    });
    sessions.importTranscripts([
      {
        session: { id, created_at: at, updated_at: at, message_count: 4, is_archived: false, ...usage },
        messages: [0, 1, 2, 3].map(message),
      },
    ]);
    imported.push(id);
    acknowledge({ kind: 'transcript', id });
  },
  () => {
    const id = imported.shift();
    if (id === undefined) return;
    // Told before as well: killed in between, the session may be there or not.
    acknowledge({ kind: 'deleting-session', id });
    sessions.deleteSession(id);
    acknowledge({ kind: 'deleted-session', id });
  },
  () => {
    analytics.recordAnalytics({ date: '2026-01-01', model: name, requests: 1 });
    acknowledge({ kind: 'request' });
  },
];

acknowledge({ kind: 'ready' });
for (let i = 0; i < Number(limit); i++) calls[Math.floor(next() * calls.length)]?.(`${name}-${i}`);
manager.close();
acknowledge({ kind: 'done' });
