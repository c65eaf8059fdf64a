import { mkdirSync, writeFileSync } from 'node:fs';
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

/** What a power cut can do to writes that were not synced: the worst for each order of things, and anything in between. */
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
 * Cuts the power around events that give a name, sync or tell, in all ways.
 *
 * @param count - how many cuts at most, spread over all that there could be
 */
export function* cutsOf(log: DiskLog, next: () => number, count: number): Generator<Cut> {
  const around = log.events.flatMap(({ kind }, index) => (kind === 'changed' ? [] : [index, index + 1]));
  const moments = [...new Set([...around, log.events.length])];
  const all = moments.flatMap((after) => Object.entries(luckOf(next)).map(([kept, luck]) => ({ after, kept, luck })));
  const step = Math.max(1, all.length / count);
  for (let start = 0; start < all.length; start += step) {
    const chosen = all[Math.floor(start + next() * step)];
    if (chosen === undefined) continue;
    const { after, kept, luck } = chosen;
    const past = log.events.slice(0, after);
    const wasDone = past.some((event) => event.kind === 'told' && event.text.includes('"done"'));
    const last = past.findLast(({ kind }) => kind !== 'changed');
    const description = `after ${after} events (${describe(last)}), with ${kept}`;
    yield { wasDone, description, files: cutPower(log, after, luck) };
  }
}

function describe(event: DiskLog['events'][number] | undefined): string {
  if (event?.kind === 'named') return event.names.map(([path, file]) => (file ? `+${path}` : `-${path}`)).join(' ');
  return event?.kind === 'told' ? event.text.trim() : (event?.kind ?? 'the beginning');
}

/** Writes what a power cut left behind into a folder. SQLite makes its shared memory anew. */
export function writeCut(log: DiskLog, cut: Cut, folder: string): void {
  for (const path of log.folders) mkdirSync(join(folder, path), { recursive: true });
  for (const [path, content] of cut.files) {
    if (path.endsWith('-shm')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o600 });
  }
}
