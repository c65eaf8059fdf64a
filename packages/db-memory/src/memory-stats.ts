import type { MemoryStats } from '@codebuddy/db-core';
import { type Row, read } from '@codebuddy/db-core/internal';

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
