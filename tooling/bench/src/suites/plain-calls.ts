import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { DatabaseManager } from '@codebuddy/db-core';
import { SessionRepository } from '@codebuddy/db-sessions';
import { type Contender, takeTurns } from '../measure.ts';
import { loadPeer } from '../peers.ts';
import { faster, row, type SuiteReport, within } from '../report.ts';
import { scratchFile } from '../scratch-folder.ts';

const VALUE = { files: ['src/index.ts', 'src/cart.ts'], took: 12, ok: true };
const CONTENT = 'The retry helper waits with full jitter, up to ten seconds, and gives up after five attempts.';
/** A caller that appends one message has the code of appending in the processor's caches, not that of ten other calls. */
const CALLS_A_TURN = 20;

/** An average weighed by requests, as analytics add it up. */
const WEIGHED = `CASE WHEN analytics.requests + excluded.requests > 0
  THEN (analytics.# * analytics.requests + excluded.# * excluded.requests) / (analytics.requests + excluded.requests)
  ELSE max(analytics.#, excluded.#) END`;

/** The calls that carry most of the traffic, each against the same SQL through prepared statements. */
export async function plainCalls(rounds: number): Promise<SuiteReport> {
  const ours = await open('plain.db');
  const raw = await open('plain-raw.db');
  const keyv = await openKeyv();
  const contenders: Contender[] = [...messages(ours, raw), ...cache(ours, raw), ...keyv, ...analytics(ours, raw)];
  const times = await takeTurns(contenders, rounds, CALLS_A_TURN);
  const of = (name: string) => times.get(name) ?? Number.NaN;
  ours.close();
  raw.close();
  const calls = ['message append', 'session load', 'cache get', 'cache set', 'analytics record'];
  const against = 'the same SQL, prepared';
  return {
    name: 'plain',
    title: 'Plain calls',
    rows: Object.fromEntries(contenders.map(({ name }) => [idOf(name), row(name, { time: of(name) })])),
    goals: {
      ...Object.fromEntries(
        calls.map((call) => [idOf(call), within(call, against, of(call), of(`${call}, raw`), 1.25)]),
      ),
      'keyv-get': faster('cache get', 'keyv with SQLite in WAL', of('cache get'), of('cache get, keyv'), 15),
      'keyv-set': faster('cache set', 'keyv with SQLite in WAL', of('cache set'), of('cache set, keyv'), 8),
    },
  };
}

/** `cache get, raw` as pages name it: `cache-get-raw`. */
function idOf(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}

/** The same calls on small and large tables: what is found by an index does not slow down. */
export async function growth(rows: readonly [small: number, large: number], rounds: number): Promise<SuiteReport> {
  const [small, large] = rows;
  const managers = [await open('small.db'), await open('large.db')];
  const contenders = managers.flatMap((manager, index) => {
    fill(manager, index === 0 ? small : large);
    return [...messages(manager), ...cache(manager)].map((call) => ({ ...call, name: `${call.name} ${index}` }));
  });
  const times = await takeTurns(contenders, rounds, CALLS_A_TURN);
  for (const manager of managers) manager.close();
  const calls = ['message append', 'session load', 'cache get', 'cache set'];
  const compare = (call: string) =>
    within(
      `${call}, ${large.toLocaleString('en-US')} rows`,
      `${small.toLocaleString('en-US')} rows`,
      times.get(`${call} 1`) ?? Number.NaN,
      times.get(`${call} 0`) ?? Number.NaN,
      1.25,
    );
  return {
    name: 'growth',
    title: 'The same calls on small and large tables',
    rows: {},
    goals: Object.fromEntries(calls.map((call) => [idOf(call), compare(call)])),
  };
}

async function open(name: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: scratchFile(name) });
  await manager.initialize();
  return manager;
}

function messages(ours: DatabaseManager, raw?: DatabaseManager): Contender[] {
  const sessions = new SessionRepository(ours.getDatabase());
  const appended = sessions.createSession({ name: 'appended' }).id;
  const loaded = sessions.createSession({ name: 'loaded' }).id;
  for (let i = 0; i < 50; i++) sessions.addMessage({ session_id: loaded, role: 'user', content: CONTENT });
  const contenders: Contender[] = [
    {
      name: 'message append',
      run: () => sessions.addMessage({ session_id: appended, role: 'user', content: CONTENT, tokens: 20 }),
    },
    { name: 'session load', run: () => sessions.getSessionWithMessages(loaded) },
  ];
  if (raw === undefined) return contenders;
  raw.exec(`INSERT INTO sessions (id) VALUES ('appended'), ('loaded')`);
  const insert = raw.prepare(
    `INSERT INTO messages (session_id, role, content, tool_calls, tool_call_id, tokens, created_at, operation_id, metadata, identifiers)
     VALUES (@session, @role, @content, @calls, @call, @tokens, @now, @operation, @metadata, @identifiers)
     ON CONFLICT (session_id, operation_id) WHERE operation_id IS NOT NULL DO NOTHING`,
  );
  const message = { role: 'user', content: CONTENT, calls: null, call: null, tokens: 20, operation: null };
  const append = (session: string) =>
    insert.run({ ...message, session, now: new Date().toISOString(), metadata: null, identifiers: null });
  for (let i = 0; i < 50; i++) append('loaded');
  const session = raw.prepare('SELECT * FROM sessions WHERE id = ?');
  const rows = raw.prepare(
    `SELECT id, session_id, role, content, tool_calls, tool_call_id, tokens, created_at, operation_id, metadata
     FROM messages WHERE session_id = ? AND id > ? ORDER BY id LIMIT ?`,
  );
  return [
    ...contenders,
    { name: 'message append, raw', run: () => append('appended') },
    { name: 'session load, raw', run: () => [session.get('loaded'), rows.all('loaded', 0, -1)] },
  ];
}

function cache(ours: DatabaseManager, raw?: DatabaseManager): Contender[] {
  const repository = new CacheRepository(ours.getDatabase());
  const key = (round: number) => `tree:${round % 1_000}`;
  for (let i = 0; i < 1_000; i++) repository.set(key(i), VALUE);
  const contenders: Contender[] = [
    { name: 'cache get', run: (round) => repository.get(key(round)) },
    { name: 'cache set', run: (round) => repository.set(key(round), VALUE, { ttlMs: 60_000 }) },
  ];
  if (raw === undefined) return contenders;
  const set = raw.prepare(
    `INSERT INTO cache (key, value, embedding, embedding_model, created_at, expires_at, stale_until, last_used, hits, category)
     VALUES (@key, @value, NULL, NULL, @now, @expires, NULL, @now, 0, NULL)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, embedding = excluded.embedding,
       embedding_model = excluded.embedding_model, created_at = excluded.created_at, expires_at = excluded.expires_at,
       stale_until = excluded.stale_until, last_used = excluded.last_used, hits = 0, category = excluded.category`,
  );
  const store = (round: number) => {
    const now = Date.now();
    const expires = new Date(now + 60_000).toISOString();
    return set.run({ key: key(round), value: JSON.stringify(VALUE), now: new Date(now).toISOString(), expires });
  };
  for (let i = 0; i < 1_000; i++) store(i);
  const get = raw.prepare('SELECT value FROM cache WHERE key = @key AND (expires_at IS NULL OR expires_at > @now)');
  return [
    ...contenders,
    {
      name: 'cache get, raw',
      run: (round) => {
        const row = get.get({ key: key(round), now: new Date().toISOString() });
        return JSON.parse(String(Reflect.get(Object(row), 'value')));
      },
    },
    { name: 'cache set, raw', run: store },
  ];
}

async function openKeyv(): Promise<Contender[]> {
  const { Keyv } = await loadPeer('keyv');
  const { KeyvSqlite } = await loadPeer('@keyv/sqlite');
  const keyv = new Keyv({ store: new KeyvSqlite({ uri: `sqlite://${scratchFile('keyv.sqlite')}`, wal: true }) });
  for (let i = 0; i < 1_000; i++) await keyv.set(`tree:${i}`, VALUE);
  return [
    { name: 'cache get, keyv', run: (round) => keyv.get(`tree:${round % 1_000}`) },
    { name: 'cache set, keyv', run: (round) => keyv.set(`tree:${round % 1_000}`, VALUE, 60_000) },
  ];
}

function analytics(ours: DatabaseManager, raw: DatabaseManager): Contender[] {
  const repository = new AnalyticsRepository(ours.getDatabase());
  const row = {
    date: '2026-01-01',
    project_id: 'shop',
    model: 'grok-3',
    tokens_in: 10,
    tokens_out: 20,
    cost: 0.001,
    requests: 1,
  };
  const summed = [
    ...['tokens_in', 'tokens_out', 'cache_read_tokens', 'cache_write_tokens', 'cost_nanos'],
    ...['requests', 'tool_calls', 'errors', 'session_count'],
  ];
  const averaged = ['avg_response_time_ms', 'cache_hit_rate'];
  const columns = ['date', 'project_id', 'model', ...summed, ...averaged];
  const record = raw.prepare(
    `INSERT INTO analytics (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})
     ON CONFLICT (date, ifnull(project_id, ''), ifnull(model, '')) DO UPDATE SET
       ${averaged.map((column) => `${column} = ${WEIGHED.replaceAll('#', column)}`).join(', ')},
       ${summed.map((column) => `${column} = analytics.${column} + excluded.${column}`).join(', ')}`,
  );
  const { cost: _, ...counts } = row;
  const unused = { cache_read_tokens: 0, cache_write_tokens: 0, tool_calls: 0, errors: 0, session_count: 0 };
  const recorded = { ...counts, ...unused, cost_nanos: 1_000_000, avg_response_time_ms: 0, cache_hit_rate: 0 };
  return [
    { name: 'analytics record', run: () => repository.recordAnalytics(row) },
    { name: 'analytics record, raw', run: () => record.run(recorded) },
  ];
}

function fill(manager: DatabaseManager, rows: number): void {
  manager.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${Math.ceil(rows / 100)})
     INSERT INTO sessions (id) SELECT 'filled-' || i FROM n`,
  );
  manager.transaction(() => {
    const message = manager.prepare(
      "INSERT INTO messages (session_id, role, content) VALUES (?, 'user', 'a filled row')",
    );
    const entry = manager.prepare("INSERT INTO cache (key, value) VALUES (?, '1')");
    for (let i = 0; i < rows; i++) {
      message.run(`filled-${1 + Math.floor(i / 100)}`);
      entry.run(`filled-${i}`);
    }
  });
}
