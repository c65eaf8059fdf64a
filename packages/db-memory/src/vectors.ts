import type { Condition, VectorSource } from '@codebuddy/db-core';
import type { MemoryFilter } from './search.ts';

/** Where the vectors of memories are, and what searches ask of them. */
export const MEMORY_VECTORS: VectorSource = {
  name: 'memories',
  table: 'memories',
  from: 'memories AS m',
  key: 'm.seq',
  vector: 'm.embedding',
  model: 'm.embedding_model',
  words: { type: 'm.type', scope: 'm.scope', project: 'm.project_id' },
  numbers: {
    importance: 'm.importance',
    // A number that is above every instant stands for "never".
    expires: "ifnull(unixepoch(m.expires_at, 'subsec'), 9e99)",
    current: 'm.superseded_at IS NULL',
  },
};

/** Says of vectors what a filter says of memories. */
export function vectorConditions(filter: MemoryFilter, now: string): Condition[] {
  const { type, scope, projectId, minImportance, includeSuperseded } = filter;
  const conditions: Condition[] = [{ number: 'expires', above: Date.parse(now) / 1000 }];
  if (type !== undefined) conditions.push({ word: 'type', oneOf: typeof type === 'string' ? [type] : type });
  if (scope !== undefined) conditions.push({ word: 'scope', oneOf: [scope] });
  if (projectId !== undefined) conditions.push({ word: 'project', oneOf: [projectId] });
  if (minImportance !== undefined) conditions.push({ number: 'importance', atLeast: minImportance });
  if (includeSuperseded !== true) conditions.push({ number: 'current', atLeast: 1 });
  return conditions;
}
