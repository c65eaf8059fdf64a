import { type Row, read } from '@codebuddy/db-core/internal';

/** How many memories there are: current ones that have not expired. */
export interface MemoryStats {
  readonly total: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly byScope: Readonly<Record<string, number>>;
  /** 0 where there is no memory. */
  readonly avgImportance: number;
}

/** Adds up the counts of each type in each scope. */
export function toMemoryStats(rows: readonly Row[]): MemoryStats {
  const groups = rows.map((row) => ({
    type: read.text(row, 'type'),
    scope: read.text(row, 'scope'),
    memories: read.number(row, 'memories'),
    importance: read.number(row, 'importance'),
  }));
  const total = groups.reduce((sum, { memories }) => sum + memories, 0);
  const importance = groups.reduce((sum, group) => sum + group.importance, 0);
  const countBy = (key: 'type' | 'scope') =>
    groups.reduce<Record<string, number>>((counts, group) => {
      counts[group[key]] = (counts[group[key]] ?? 0) + group.memories;
      return counts;
    }, {});
  return {
    total,
    byType: countBy('type'),
    byScope: countBy('scope'),
    avgImportance: total === 0 ? 0 : importance / total,
  };
}
