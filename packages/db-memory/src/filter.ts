import type { MemoryFilter } from '@codebuddy/db-core';
import {
  type Condition,
  Filter,
  type Given,
  type NamesOf,
  projectIdOf,
  requireNumber,
} from '@codebuddy/db-core/internal';

/** The names of a filter of memories. */
export const FILTER_NAMES: NamesOf<MemoryFilter> = {
  type: true,
  scope: true,
  userId: true,
  projectId: true,
  minImportance: true,
  includeSuperseded: true,
};

/** Says of rows what a filter says of memories. */
export function conditions(filter: Given<MemoryFilter>, now: string): Filter {
  const types = typeof filter.type === 'string' ? [filter.type] : filter.type;
  const importance = filter.minImportance;
  const where = new Filter()
    .where('(m.expires_at IS NULL OR m.expires_at > @now)', { now })
    .oneOf('m.type', types)
    .equals('m.scope', filter.scope)
    .equals('m.user_id', filter.userId)
    .ofProject('m.project_id', filter.projectId)
    .atLeast('m.importance', importance === undefined ? undefined : requireNumber(importance, 'minImportance'));
  return filter.includeSuperseded === true ? where : where.where('m.superseded_at IS NULL');
}

/** Says of vectors what a filter says of memories. */
export function vectorConditions(filter: Given<MemoryFilter>, now: string): Condition[] {
  const { type, scope, userId, projectId, minImportance, includeSuperseded } = filter;
  const conditions: Condition[] = [{ numeric: 'expires', above: Date.parse(now) / 1000 }];
  if (type !== undefined) conditions.push({ keyword: 'type', oneOf: typeof type === 'string' ? [type] : type });
  if (scope !== undefined) conditions.push({ keyword: 'scope', oneOf: [scope] });
  if (userId !== undefined) conditions.push({ keyword: 'user', oneOf: [userId] });
  if (projectId !== undefined) conditions.push({ keyword: 'project', oneOf: [projectIdOf(projectId)] });
  if (minImportance !== undefined) conditions.push({ numeric: 'importance', atLeast: minImportance });
  if (includeSuperseded !== true) conditions.push({ numeric: 'current', atLeast: 1 });
  return conditions;
}
