import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cutPower, type DiskLog } from './disk-log.ts';

/** The files that a power cut left behind. */
export interface Cut {
  /** Whether the process had said that its work is done. */
  readonly wasDone: boolean;
  readonly files: ReadonlyMap<string, Buffer>;
  /** When it came, and what was lost. */
  readonly description: string;
}

/** The ways in which a power cut can lose writes that were not synced: the extremes, and random mixtures. */
function luckOf(next: () => number) {
  return {
    'names and no writes': { change: () => false, names: 1 },
    'writes and no names': { change: () => true, names: 0 },
    'nothing that was not synced': { change: () => false, names: 0 },
    'half of the writes': { change: () => next() < 0.5, names: 1 },
    'some of both': { change: () => next() < 0.5, names: next() },
  };
}

/**
 * Cuts the power around events that give a name, sync or tell, in all ways: half of the cuts come right after a name was
 * given whose bytes, and all else that was not synced, did not reach the disk.
 *
 * @param count - how many cuts at most, spread over all that there could be
 */
export function* cutsOf(log: DiskLog, next: () => number, count: number): Generator<Cut> {
  const around = log.events.flatMap(({ kind }, index) => (kind === 'changed' ? [] : [index, index + 1]));
  const moments = [...new Set([...around, log.events.length])];
  const afterNames = log.events.flatMap(({ kind }, index) => (kind === 'named' ? [index + 1] : []));
  const ways = Object.entries(luckOf(next));
  const worst = afterNames.flatMap((after) => ways.slice(0, 1).map(([kept, luck]) => ({ after, kept, luck })));
  const others = moments.flatMap((after) => ways.map(([kept, luck]) => ({ after, kept, luck })));
  for (const { after, kept, luck } of [...spread(worst, count / 2, next), ...spread(others, count / 2, next)]) {
    const past = log.events.slice(0, after);
    const wasDone = past.some((event) => event.kind === 'told' && event.text.includes('"done"'));
    const last = past.findLast(({ kind }) => kind !== 'changed');
    const description = `after ${after} events (${describe(last)}), with ${kept}`;
    yield { wasDone, description, files: cutPower(log, after, luck) };
  }
}

/** Chooses one of each of so many parts of a list, or all of a shorter one. */
function spread<Item>(items: readonly Item[], count: number, next: () => number): Item[] {
  if (items.length <= count) return [...items];
  const step = items.length / count;
  return Array.from({ length: count }, (_, part) => items[Math.floor((part + next()) * step)]).flatMap(
    (item) => item ?? [],
  );
}

function describe(event: DiskLog['events'][number] | undefined): string {
  if (event?.kind === 'named') return event.names.map(([path, file]) => (file ? `+${path}` : `-${path}`)).join(' ');
  return event?.kind === 'told' ? event.text.trim() : (event?.kind ?? 'the beginning');
}

/** Puts what a power cut left behind in the place of all that is in a folder. SQLite makes its shared memory anew. */
export function writeCut(log: DiskLog, cut: Cut, folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  for (const path of log.folders) mkdirSync(join(folder, path), { recursive: true });
  for (const [path, content] of cut.files) {
    if (path.endsWith('-shm')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o600 });
  }
}
