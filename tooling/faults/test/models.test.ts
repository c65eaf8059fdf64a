import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { DatabaseError, DatabaseManager, type Memory } from '@codebuddy/db-core';
import { fakeClock, TemporaryFolder } from '@codebuddy/db-core/testing';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, SessionRepository } from '@codebuddy/db-sessions';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findInconsistencies, list } from '../src/consistency.ts';
import { runWorker } from '../src/run-worker.ts';
import { IS_LONG, scaled } from '../src/scale.ts';

const RUNS = scaled(25, 1_000);
const parameters = { numRuns: RUNS, ...(IS_LONG ? {} : { seed: 7 }) };
const ids = fc.constantFrom('a', 'b', 'c', 'd');

/** A database that may be closed and opened again, and written to by another process, between any two calls. */
class World {
  readonly clock = fakeClock();
  readonly path: string;
  #manager: DatabaseManager;

  private constructor(path: string, manager: DatabaseManager) {
    this.path = path;
    this.#manager = manager;
  }

  static async open(path: string): Promise<World> {
    const manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    return new World(path, manager);
  }

  get db() {
    return this.#manager.getDatabase();
  }

  async reopen(): Promise<void> {
    this.#manager.close();
    this.#manager = new DatabaseManager({ dbPath: this.path });
    await this.#manager.initialize();
  }

  close(): void {
    this.#manager.close();
  }
}

/** What a call did: its result, or the code of its error. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (DatabaseError.isInstance(error)) return error.code;
    throw error;
  }
}

type Step<Model> = (world: World, model: Model) => void | Promise<void>;

/** Runs random steps against a database and a model of it, and compares both after each. */
async function agrees<Model>(
  steps: fc.Arbitrary<Step<Model>>,
  newModel: () => Model,
  compare: (world: World, model: Model) => void,
): Promise<void> {
  const reopen: Step<Model> = (world) => world.reopen();
  const sequence = fc.array(fc.oneof({ weight: 12, arbitrary: steps }, { weight: 1, arbitrary: fc.constant(reopen) }), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(sequence, async (calls) => {
      using folder = new TemporaryFolder();
      const world = await World.open(folder.join('agent.db'));
      const model = newModel();
      try {
        for (const call of calls) {
          await call(world, model);
          compare(world, model);
        }
        expect(findInconsistencies(world.db)).toEqual([]);
      } finally {
        world.close();
      }
    }),
    parameters,
  );
}

it(
  `memories are those of a plain list (${RUNS} histories)`,
  async () => {
    type Model = Map<string, { content: string; importance: number; expires: number }>;
    const repository = ({ db, clock }: World) => new MemoryRepository(db, { clock });
    const live = (model: Model, now: number) => [...model].filter(([, { expires }]) => expires > now);
    const steps = fc.oneof(
      fc
        .record({ id: ids, content: ids, importance: fc.constantFrom(0, 0.25, 1), ttl: fc.constantFrom(50, 5_000) })
        .map(
          ({ id, content, importance, ttl }): Step<Model> =>
            (world, model) => {
              const expires = world.clock() + ttl;
              const same = [...model].find(([, memory]) => memory.content === content);
              const taken = model.get(id);
              const result = outcome(() =>
                repository(world).create({ id, type: 'fact', content, importance, expires_at: new Date(expires) }),
              );
              if (same !== undefined) {
                // The same content counts as used: it keeps the higher importance and the later end.
                same[1].importance = Math.max(same[1].importance, importance);
                same[1].expires = Math.max(same[1].expires, expires);
                expect(result).toMatchObject({ id: same[0] });
              } else if (taken !== undefined) expect(result).toBe('DB_CONSTRAINT');
              else {
                model.set(id, { content, importance, expires });
                expect(result).toMatchObject({ id, content });
              }
            },
        ),
      fc.tuple(ids, ids).map(
        ([id, content]): Step<Model> =>
          (world, model) => {
            const memory = model.get(id);
            const isTaken = [...model].some(([other, each]) => other !== id && each.content === content);
            const result = outcome(() => repository(world).update(id, { content }));
            if (memory !== undefined && isTaken) expect(result).toBe('DB_CONSTRAINT');
            else {
              expect(result).toBe(memory !== undefined);
              if (memory !== undefined) memory.content = content;
            }
          },
      ),
      ids.map(
        (id): Step<Model> =>
          (world, model) => {
            expect(repository(world).delete(id)).toBe(model.delete(id));
          },
      ),
      fc.constantFrom(10, 100).map(
        (milliseconds): Step<Model> =>
          (world) =>
            world.clock.advance(milliseconds),
      ),
      fc.constant<Step<Model>>((world, model) => {
        const expired = [...model].filter(([, { expires }]) => expires <= world.clock());
        expect(repository(world).deleteExpired()).toBe(expired.length);
        for (const [id] of expired) model.delete(id);
      }),
    );
    await agrees<Model>(
      steps,
      () => new Map(),
      (world, model) => {
        const toEntry = ({ id, content, importance }: Memory) => ({ id, content, importance });
        const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
        const expected = live(model, world.clock()).map(([id, { content, importance }]) => ({
          id,
          content,
          importance,
        }));
        expect(repository(world).find().map(toEntry).sort(byId)).toEqual(expected.sort(byId));
      },
    );
  },
  scaled(120_000, 3_600_000),
);

it(
  `sessions are those of plain lists (${RUNS} histories)`,
  async () => {
    type Model = Map<string, { operation: string | undefined; content: string }[]>;
    const repository = ({ db, clock }: World) => new SessionRepository(db, { clock });
    const steps = fc.oneof(
      ids.map(
        (id): Step<Model> =>
          (world, model) => {
            const result = outcome(() => repository(world).createSession({ id }));
            if (model.has(id)) expect(result).toBe('DB_CONFLICT');
            else model.set(id, []);
          },
      ),
      fc
        .record({ id: ids, content: fc.string({ unit: 'grapheme' }), operation: fc.option(ids, { nil: undefined }) })
        .map(
          ({ id, content, operation }): Step<Model> =>
            (world, model) => {
              const messages = model.get(id);
              const result = outcome(() =>
                repository(world).addMessage({ session_id: id, role: 'user', content, operation_id: operation }),
              );
              if (messages === undefined) return void expect(result).toBe('DB_NOT_FOUND');
              const earlier = messages.find((message) => operation !== undefined && message.operation === operation);
              if (earlier === undefined) messages.push({ operation, content });
              else if (earlier.content !== content) expect(result).toBe('DB_CONFLICT');
            },
        ),
      fc.tuple(ids, ids).map(
        ([id, fork]): Step<Model> =>
          (world, model) => {
            const messages = model.get(id);
            const result = outcome(() => repository(world).forkSession(id, { id: fork }));
            if (messages === undefined) expect(result).toBe('DB_NOT_FOUND');
            else if (model.has(fork)) expect(result).toBe('DB_CONFLICT');
            else model.set(fork, structuredClone(messages));
          },
      ),
      ids.map(
        (id): Step<Model> =>
          (world, model) => {
            expect(repository(world).deleteSession(id)).toBe(model.delete(id));
          },
      ),
      fc.tuple(ids, fc.nat(3)).map(
        ([id, keep]): Step<Model> =>
          (world, model) => {
            const messages = model.get(id) ?? [];
            const from = repository(world).getMessages(id)[keep]?.id ?? Number.MAX_SAFE_INTEGER;
            expect(repository(world).deleteMessages(id, from)).toBe(Math.max(0, messages.length - keep));
            messages.splice(keep);
          },
      ),
    );
    await agrees<Model>(
      steps,
      () => new Map(),
      (world, model) => {
        const sessions = repository(world);
        expect(
          sessions
            .findSessions()
            .map(({ id, message_count }) => [id, message_count])
            .sort(),
        ).toEqual([...model].map(([id, messages]) => [id, messages.length]).sort());
        for (const [id, messages] of model) {
          expect(sessions.getMessages(id).map(({ content }) => content)).toEqual(
            messages.map(({ content }) => content),
          );
        }
      },
    );
  },
  scaled(120_000, 3_600_000),
);

it(
  `the cache is a plain map whose entries end (${RUNS} histories)`,
  async () => {
    type Model = Map<string, { value: unknown; expires: number; tag: string }>;
    const caches = new WeakMap<object, CacheRepository>();
    const repository = ({ db, clock }: World) => {
      const cache = caches.get(db) ?? new CacheRepository(db, { clock });
      caches.set(db, cache);
      return cache;
    };
    const steps = fc.oneof(
      fc.record({ key: ids, value: fc.jsonValue(), ttl: fc.constantFrom(0, 50, 5_000), tag: ids }).map(
        ({ key, value, ttl, tag }): Step<Model> =>
          (world, model) => {
            repository(world).set(key, value, { ttlMs: ttl, tags: [tag] });
            if (ttl === 0) model.delete(key);
            else model.set(key, { value: JSON.parse(JSON.stringify(value)), expires: world.clock() + ttl, tag });
          },
      ),
      ids.map(
        (key): Step<Model> =>
          (world, model) => {
            expect(repository(world).delete(key)).toBe(model.delete(key));
          },
      ),
      ids.map(
        (tag): Step<Model> =>
          (world, model) => {
            const tagged = [...model].filter(([, entry]) => entry.tag === tag);
            expect(repository(world).deleteByTag(tag)).toBe(tagged.length);
            for (const [key] of tagged) model.delete(key);
          },
      ),
      fc.constantFrom(10, 100).map(
        (milliseconds): Step<Model> =>
          (world) =>
            world.clock.advance(milliseconds),
      ),
    );
    await agrees<Model>(
      steps,
      () => new Map(),
      (world, model) => {
        const live = [...model].filter(([, { expires }]) => expires > world.clock());
        expect(repository(world).keys()).toEqual(live.map(([key]) => key).sort());
        for (const [key, { value }] of live) expect(repository(world).get(key) ?? null).toEqual(value);
      },
    );
  },
  scaled(120_000, 3_600_000),
);

it(
  `chunks are those of a plain map of places (${RUNS} histories)`,
  async () => {
    type Model = Map<string, { text: string; vector: Float32Array }>;
    const vectors = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 1, max: 3 }));
    const repository = ({ db }: World) => new EmbeddingRepository(db);
    const chunk = (file: string, index: number, text: string, vector: Float32Array) => ({
      project_id: 'p',
      file_path: file,
      chunk_index: index,
      chunk_text: text,
      embedding: vector,
      embedding_model: 'm',
    });
    const steps = fc.oneof(
      fc.array(fc.tuple(ids, fc.nat(2), ids, vectors), { minLength: 1, maxLength: 4 }).map(
        (chunks): Step<Model> =>
          (world, model) => {
            const rows = chunks.map(([file, index, text, [x, y]]) => chunk(file, index, text, Float32Array.of(x, y)));
            repository(world).bulkUpsert(rows);
            for (const { file_path, chunk_index, chunk_text, embedding } of rows) {
              model.set(`${file_path}:${chunk_index}`, { text: chunk_text, vector: embedding });
              // A model gives a text one vector: the newest counts for all.
              for (const each of model.values()) if (each.text === chunk_text) each.vector = embedding;
            }
          },
      ),
      ids.map(
        (file): Step<Model> =>
          (world, model) => {
            const places = [...model.keys()].filter((place) => place.startsWith(`${file}:`));
            expect(repository(world).deleteForFile('p', file)).toBe(places.length);
            for (const place of places) model.delete(place);
          },
      ),
    );
    await agrees<Model>(
      steps,
      () => new Map(),
      (world, model) => {
        const found = repository(world).find({ projectId: 'p' });
        expect(
          found.map(({ file_path, chunk_index, chunk_text }) => [`${file_path}:${chunk_index}`, chunk_text]),
        ).toEqual([...model].map(([place, { text }]) => [place, text]).sort());
        const query = Float32Array.of(1, 2);
        const similarity = ({ vector: [x = 0, y = 0] }: { vector: Float32Array }) =>
          (x + 2 * y) / (Math.hypot(x, y) * Math.hypot(1, 2));
        const expected = [...model.values()].map(similarity).sort((a, b) => b - a);
        const similarities = repository(world)
          .searchSimilar(query, {}, 100)
          .map((match) => match.similarity);
        expect(similarities).toHaveLength(expected.length);
        for (const [rank, value] of similarities.entries()) expect(value).toBeCloseTo(expected[rank] ?? 0, 5);
      },
    );
  },
  scaled(120_000, 3_600_000),
);

it(
  `costs are plain sums (${RUNS} histories)`,
  async () => {
    type Model = Map<string, { requests: number; tokens: number; nanos: number }>;
    const repository = ({ db, clock }: World) => new AnalyticsRepository(db, { clock, timeZone: 'UTC' });
    const dates = fc.constantFrom('2025-12-30', '2025-12-31', '2026-01-01');
    const optional = fc.option(fc.constantFrom('x', 'y'), { nil: undefined });
    const keyOf = (date: string, project?: string, model?: string) => JSON.stringify([date, project, model]);
    const steps = fc.oneof(
      fc.record({ date: dates, project: optional, model: optional, requests: fc.nat(3), nanos: fc.nat(1_000_000) }).map(
        ({ date, project, model: name, requests, nanos }): Step<Model> =>
          (world, model) => {
            repository(world).recordAnalytics({
              date,
              ...(project === undefined ? {} : { project_id: project }),
              ...(name === undefined ? {} : { model: name }),
              requests,
              tokens_in: 10 * requests,
              cost: nanos / 1e9,
            });
            const key = keyOf(date, project, name);
            const sum = model.get(key) ?? { requests: 0, tokens: 0, nanos: 0 };
            model.set(key, {
              requests: sum.requests + requests,
              tokens: sum.tokens + 10 * requests,
              nanos: sum.nanos + nanos,
            });
          },
      ),
      fc.constantFrom(0, 1, 2).map(
        (days): Step<Model> =>
          (world, model) => {
            const first = new Date(world.clock() - days * 86_400_000).toISOString().slice(0, 10);
            const old = [...model.keys()].filter((key) => String(JSON.parse(key)[0]) < first);
            expect(repository(world).deleteOldAnalytics(days)).toBe(old.length);
            for (const key of old) model.delete(key);
          },
      ),
    );
    await agrees<Model>(
      steps,
      () => new Map(),
      (world, model) => {
        const rows = repository(world).getAnalytics();
        const found = rows.map((row) => [
          keyOf(row.date, row.project_id, row.model),
          { requests: row.requests, tokens: row.tokens_in, nanos: Math.round(row.cost * 1e9) },
        ]);
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(model));
        const total = [...model.values()].reduce((sum, { nanos }) => sum + nanos, 0);
        expect(Math.round(repository(world).getTotalCost() * 1e9)).toBe(total);
      },
    );
  },
  scaled(120_000, 3_600_000),
);

it(
  `checkpoints are those of a plain list (${RUNS} histories)`,
  async () => {
    type Model = Map<string, { path: string; content: string | undefined }[]>;
    const repository = ({ db, clock }: World) => new CheckpointRepository(db, { clock });
    const file = fc.record({ path: ids, content: fc.option(fc.constantFrom('', 'one', 'two'), { nil: undefined }) });
    const steps = fc.oneof(
      fc.tuple(ids, fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 3 })).map(
        ([id, files]): Step<Model> =>
          (world, model) => {
            const result = outcome(() =>
              repository(world).create({
                id,
                project_id: 'p',
                files: files.map(({ path, content }) => ({
                  file_path: path,
                  ...(content === undefined ? {} : { content: Buffer.from(content) }),
                })),
              }),
            );
            if (model.has(id)) expect(result).toBe('DB_CONSTRAINT');
            else model.set(id, files);
          },
      ),
      ids.map(
        (id): Step<Model> =>
          (world, model) => {
            expect(repository(world).delete(id)).toBe(model.delete(id));
          },
      ),
    );
    await agrees<Model>(
      steps,
      () => new Map(),
      (world, model) => {
        const checkpoints = repository(world);
        const found = checkpoints.find().map(({ id }) => id);
        expect(found.sort()).toEqual([...model.keys()].sort());
        for (const [id, files] of model) {
          const stored = checkpoints.getFiles(id).map(({ file_path, content_hash: hash }) => ({
            path: file_path,
            content: hash === undefined ? undefined : Buffer.from(checkpoints.getContent(hash)).toString(),
          }));
          expect(stored).toEqual(files.toSorted((a, b) => a.path.localeCompare(b.path)));
        }
        const contents = new Set([...model.values()].flat().flatMap(({ content }) => content ?? []));
        expect(list(world.db, 'SELECT count(*) FROM checkpoint_contents')).toEqual([String(contents.size)]);
      },
    );
  },
  scaled(120_000, 3_600_000),
);

it(
  'what a second process writes between calls, and dies of, is there for the first',
  async () => {
    using folder = new TemporaryFolder();
    const world = await World.open(folder.join('agent.db'));
    const memories = new MemoryRepository(world.db);
    const chunks = new EmbeddingRepository(world.db);
    let seen = 0;
    for (let round = 0; round < scaled(4, 40); round++) {
      memories.create({
        type: 'fact',
        content: `mine ${round}`,
        embedding: Float32Array.of(1, round),
        embedding_model: 'n',
      });
      await runWorker('write', [world.path, `w${round + 1}`], { killAfterMs: 80 });
      expect(memories.searchSimilar(Float32Array.of(1, round), { embeddingModel: 'n' }, 1)[0]?.memory.content).toBe(
        `mine ${round}`,
      );
      const found = chunks.getStats().totalEmbeddings;
      expect(found).toBeGreaterThanOrEqual(seen);
      expect(found % 20).toBe(0);
      seen = found;
      expect(findInconsistencies(world.db)).toEqual([]);
    }
    world.close();
  },
  scaled(60_000, 600_000),
);
