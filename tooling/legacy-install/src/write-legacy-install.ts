import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLAIMS, MODELS, SUBJECTS, TAGS, TASKS, TYPES } from './phrases.ts';
import { type SeededRandom, seededRandom } from './random.ts';

/** How large an install is made. */
export interface LegacyInstallSize {
  readonly memories?: number;
  readonly sessions?: number;
  readonly cacheEntries?: number;
  /** Days with costs. */
  readonly days?: number;
  readonly seed?: number;
}

/** What a correct import must find. */
export interface LegacyExpectation {
  readonly memories: number;
  readonly sessions: number;
  readonly messages: number;
  /** Cache entries that have not expired. */
  readonly cache: number;
  /** Entries of the cost history. */
  readonly analytics: number;
  /** In US dollars. */
  readonly cost: number;
}

const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const at = (ms: number) => new Date(ms).toISOString();

/** Writes the JSON files of an earlier Code-Buddy to a folder, the same ones for the same size and seed. */
export function writeLegacyInstall(folder: string, size: LegacyInstallSize = {}): LegacyExpectation {
  const random = seededRandom(size.seed ?? 1);
  const days = size.days ?? 60;
  const memories = Array.from({ length: size.memories ?? 200 }, (_, i) => memory(random, i, days));
  const sessions = Array.from({ length: size.sessions ?? 20 }, (_, i) => session(random, i, days));
  const entries = Array.from({ length: size.cacheEntries ?? 40 }, (_, i) => cacheEntry(random, i));
  const costs = costHistory(random, days, Math.ceil(sessions.length / 2));

  mkdirSync(join(folder, 'sessions'), { recursive: true });
  mkdirSync(join(folder, 'cache'), { recursive: true });
  const write = (path: string, value: unknown) => writeFileSync(join(folder, path), JSON.stringify(value));
  write('memories.json', memories);
  for (const each of sessions) write(join('sessions', `${each.id}.json`), each);
  write(join('cache', 'semantic-cache.json'), { entries });
  write('cost-history.json', costs);

  const amounts = [...Object.values(costs.daily), ...costs.sessions.map(({ cost }) => cost)];
  return {
    memories: memories.length,
    sessions: sessions.length,
    messages: sessions.reduce((sum, { messages }) => sum + messages.length, 0),
    cache: entries.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > at(Date.now())).length,
    analytics: amounts.length,
    cost: Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 1e6) / 1e6,
  };
}

function sentence(random: SeededRandom): string {
  return `${random.pick(SUBJECTS)} ${random.pick(CLAIMS)}`;
}

function memory(random: SeededRandom, i: number, days: number) {
  const created = START + random.below(days * DAY_MS);
  return {
    id: `memory-${i}`,
    type: i % 50 === 49 ? 'hunch' : random.pick(TYPES),
    content: `${sentence(random)} (note ${i})`,
    importance: i % 20 === 0 ? 0 : round(random.fraction(), 3),
    accessCount: random.below(30),
    createdAt: at(created),
    updatedAt: at(created),
    lastAccessedAt: at(created + random.below(10 * DAY_MS)),
    tags: [random.pick(TAGS)],
    metadata: { origin: 'chat', turn: i },
    ...(i % 3 === 0 ? { summary: `Note ${i}` } : {}),
    ...(i % 4 === 0 ? { embedding: Array.from({ length: 32 }, () => round(random.fraction() * 2 - 1, 4)) } : {}),
    ...(i % 5 === 0 ? { projectId: 'web-shop' } : {}),
  };
}

function session(random: SeededRandom, i: number, days: number) {
  const created = START + random.below(days * DAY_MS);
  const messages: object[] = [];
  for (let turn = 0, turns = 1 + random.below(8); turn < turns; turn++) {
    messages.push({ role: 'user', content: `Please look into this: ${sentence(random)}.` });
    if (random.fraction() < 0.5) {
      const id = `call-${i}-${turn}`;
      const call = { id, type: 'function', function: { name: 'view_file', arguments: '{"path":"src/index.ts"}' } };
      messages.push({ role: 'assistant', content: null, toolCalls: [call] });
      messages.push({ role: 'tool', content: `export const limit = ${random.below(1_000)};\n`, toolCallId: id });
    }
    messages.push({ role: 'assistant', content: `Done. ${sentence(random)}, so I changed the guard. 🛠️` });
  }
  return {
    id: `session-${i}`,
    name: `${random.pick(TASKS)} ${random.pick(SUBJECTS)}`,
    model: random.pick(MODELS),
    messages,
    createdAt: at(created),
    updatedAt: at(created + random.below(6 * 3_600_000)),
    totalCost: round(random.fraction() * 3, 4),
    totalTokensIn: random.below(400_000),
    totalTokensOut: random.below(40_000),
    ...(i % 2 === 0 ? { projectId: 'web-shop', projectPath: '/home/dev/web-shop' } : {}),
  };
}

function cacheEntry(random: SeededRandom, i: number) {
  const expiresAt = i % 4 === 3 ? at(START) : i % 2 === 0 ? at(Date.UTC(2099, 0, 1)) : undefined;
  return {
    key: `completion:${i}`,
    value: i % 10 === 9 ? null : { answer: sentence(random) },
    createdAt: at(START),
    hits: random.below(50),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function costHistory(random: SeededRandom, days: number, sessions: number) {
  const daily: Record<string, number> = {};
  for (let day = 0; day < days; day++) {
    if (random.fraction() < 0.7) daily[at(START + day * DAY_MS).slice(0, 10)] = round(random.fraction() * 12, 4);
  }
  return {
    daily,
    sessions: Array.from({ length: sessions }, () => ({
      cost: round(random.fraction() * 2, 4),
      tokens: random.below(200_000),
      model: random.pick(MODELS),
      date: at(START + random.below(days) * DAY_MS).slice(0, 10),
    })),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
