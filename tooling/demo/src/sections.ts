import { fileURLToPath } from 'node:url';
import {
  EmbeddingProvider,
  formatBytes,
  getAnalyticsRepository,
  getDatabaseManager,
  getEmbeddingRepository,
  getMemoryRepository,
  getSessionRepository,
  PersistentAnalytics,
  ProjectIndexer,
} from '@codebuddy/db-integration';
import type { TimedImport } from './import-install.ts';
import { duration, endProgressBar, HIGHLIGHT, heading, item, print, progressBar, table } from './page.ts';

const SHOWN = 5;

/** Shows what the import did, and what it could not do. */
export function showImport({ result, durations }: TimedImport): void {
  heading('What was imported');
  const rows = (['memories', 'sessions', 'cache', 'analytics'] as const)
    .filter((phase) => durations.has(phase))
    .map((phase) => [phase, result.migratedItems[phase].toLocaleString('en-US'), duration(durations.get(phase) ?? 0)]);
  table([['', 'records', 'time'], ...rows, ['all', '', duration(result.duration)]]);
  print(
    `  ${result.messages.toLocaleString('en-US')} messages came with the sessions; all of it was read again and compared.`,
  );
  for (const error of result.errors.slice(0, SHOWN)) print(`  not imported: ${error}`);
  if (result.errors.length > SHOWN) print(`  ... and ${result.errors.length - SHOWN} more`);
  for (const path of result.notMigrated) print(`  left alone: ${path}`);
}

/** Shows the memories that hold some words. */
export function showMemories(words: string | undefined): void {
  const query = words ?? firstWords(getMemoryRepository().find({ limit: 1 })[0]?.content);
  const { found, time } = timed(() => getMemoryRepository().search(query, { limit: SHOWN, highlight: HIGHLIGHT }));
  heading(`Memories with "${query}" (${time})`);
  for (const { memory, snippet, score } of found) {
    item(
      snippet,
      `${memory.type}, importance ${memory.importance}, score ${score.toFixed(2)}, ${memory.created_at.slice(0, 10)}`,
    );
  }
  if (found.length === 0) print('  none');
}

/** Shows the messages that hold some words, with their sessions. */
export function showMessages(words: string | undefined): void {
  const recent = getSessionRepository().getRecentSessions(1)[0];
  const query = words ?? firstWords(recent?.name);
  const { found, time } = timed(() =>
    getSessionRepository().searchMessages(query, { limit: SHOWN, highlight: HIGHLIGHT }),
  );
  heading(`Text in sessions with "${query}" (${time})`);
  for (const { session, message, snippet } of found)
    item(snippet, `${message.role} in "${session.name ?? session.id}"`);
  if (found.length === 0) print('  none');
}

/** Shows the sessions updated last. */
export function showRecentSessions(): void {
  heading('Recent sessions');
  for (const session of getSessionRepository().getRecentSessions(SHOWN)) {
    const cost = `$${session.total_cost.toFixed(2)}`;
    item(
      session.name ?? session.id,
      `${session.updated_at.slice(0, 16).replace('T', ' ')}, ${session.message_count} messages, ${cost}, ${session.model ?? 'unknown model'}`,
    );
  }
}

/** Indexes this repository's own code, and shows what is closest to a question. */
export async function showCode(question: string): Promise<void> {
  const provider = new EmbeddingProvider({ provider: 'lexical' });
  const repository = getEmbeddingRepository();
  const indexer = new ProjectIndexer({ repository, provider, projectId: 'this-repository', projectPath: REPOSITORY });
  const {
    files,
    chunks,
    duration: time,
  } = await indexer.index({
    onProgress: (progress) => progressBar('code', progress.chunks / ABOUT_AS_MANY_CHUNKS, progress.chunks),
  });
  endProgressBar();
  const { embedding, model } = await provider.embed(question);
  const { found, time: searched } = timed(() => repository.searchSimilar(embedding, { embeddingModel: model }, SHOWN));
  heading(`Code of this repository close to "${question}" (${searched})`);
  print(`  ${files} files in ${chunks} chunks, indexed in ${duration(time)} by words: no model is needed for that`);
  for (const { embedding: chunk, similarity } of found) {
    const firstLine = chunk.chunk_text.split('\n').find((line) => line.trim() !== '') ?? '';
    item(`${chunk.file_path}:${chunk.start_line}`, `${similarity.toFixed(2)}  ${firstLine}`);
  }
}

/** Shows what the imported history cost. */
export function showCosts(): void {
  const analytics = new PersistentAnalytics();
  const days = getAnalyticsRepository().getAnalytics();
  const [newest, oldest] = [days[0]?.date, days.at(-1)?.date];
  if (newest === undefined || oldest === undefined) return;
  const { totalCost, byModel } = analytics.getSummary({ startDate: oldest, endDate: newest });
  heading(`Costs from ${oldest} to ${newest}`);
  table([
    ['model', 'cost', 'tokens in', 'tokens out'],
    ...Object.entries(byModel).map(([model, { cost, tokensIn, tokensOut }]) => [
      model,
      dollars(cost),
      count(tokensIn),
      count(tokensOut),
    ]),
    ['all', dollars(totalCost), '', ''],
  ]);
}

/** Shows how large the database is, and what takes the space. */
export function showDatabase(): void {
  heading('The database');
  print(getDatabaseManager().formatStats().split('\n').slice(1).join('\n'));
  const largest = getDatabaseManager().getTableSizes().slice(0, 3);
  print(`  Largest: ${largest.map(({ table: name, bytes }) => `${name} ${formatBytes(bytes)}`).join(', ')}`);
}

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** For the bar alone: how many chunks this repository has, roughly. */
const ABOUT_AS_MANY_CHUNKS = 700;

const dollars = (amount: number) => `$${amount.toFixed(2)}`;
const count = (value: number) => value.toLocaleString('en-US');

function timed<Found>(search: () => Found): { found: Found; time: string } {
  const start = performance.now();
  const found = search();
  return { found, time: duration(performance.now() - start) };
}

/** The first long words of a string: something that is certainly there to be found. */
function firstWords(text = ''): string {
  const words = text.split(/\s+/).filter((word) => word.length > 4);
  return words.slice(0, 2).join(' ');
}
