import { types } from 'node:util';
import type { MemoryChanges, NewMemory } from '@codebuddy/db-core';
import { InvalidInputError, type JsonObject, type Memory, type Redact } from '@codebuddy/db-core';
import {
  decodeJsonObject,
  encodeJsonObject,
  encodeVector,
  identifierWords,
  MEMORY_SCOPES,
  MEMORY_TYPES,
  mergeJsonObjects,
  type NamesOf,
  normalizeTimestamp,
  optionalNameOrNull,
  optionalStringOrNull,
  readRecord,
  redactText,
  refuseUnknownNames,
  requireInteger,
  requireKey,
  requireNumber,
  requireObject,
  requireOneOf,
  requireString,
  type SqlValue,
  UNKNOWN_MODEL,
} from '@codebuddy/db-core/internal';

/** The values of a memory's columns. */
export type MemoryParameters = Record<string, SqlValue>;

const NEW_NAMES: NamesOf<NewMemory> = {
  id: true,
  type: true,
  scope: true,
  user_id: true,
  project_id: true,
  content: true,
  embedding: true,
  embedding_model: true,
  embedding_owed: true,
  importance: true,
  expires_at: true,
  metadata: true,
};

/** The fields of a memory that its author does not set. */
const OWN_NAMES: NamesOf<Omit<Memory, keyof NewMemory>> = {
  access_count: true,
  created_at: true,
  last_accessed: true,
  superseded_by: true,
  superseded_at: true,
};

const UNCHANGEABLE_NAMES: NamesOf<Omit<Memory, keyof MemoryChanges>> = { ...OWN_NAMES, id: true };

/** Checks a new memory and returns the values of its columns, times and counters aside. */
export function newMemoryParameters(memory: NewMemory, id: string, redact: Redact | undefined): MemoryParameters {
  const given = readRecord(memory, NEW_NAMES, OWN_NAMES, 'memory');
  const embedding = given.embedding === undefined ? null : encodeVector(given.embedding);
  const content = contentWithout(given.content, redact);
  return {
    id: requireKey(given.id ?? id, 'id'),
    type: requireOneOf(given.type, 'type', MEMORY_TYPES),
    scope: requireOneOf(given.scope ?? 'user', 'scope', MEMORY_SCOPES),
    user_id: userOrNobody(given.user_id),
    project_id: optionalNameOrNull(given.project_id, 'project_id'),
    content,
    identifiers: identifierWords(content),
    embedding,
    embedding_model:
      embedding === null ? null : (optionalNameOrNull(given.embedding_model, 'embedding_model') ?? UNKNOWN_MODEL),
    embedding_owed: embedding === null && given.embedding_owed === true ? 1 : 0,
    importance: requireNumber(given.importance ?? 0.5, 'importance', { min: 0, max: 1 }),
    expires_at: given.expires_at === undefined ? null : normalizeTimestamp(given.expires_at, 'expires_at'),
    metadata: encodeJsonObject(given.metadata, 'metadata', redact),
  };
}

/** Checks a whole record, as an import or a copy brings it, and returns the values of its columns. */
export function memoryRecordParameters(memory: Memory, redact: Redact | undefined): MemoryParameters {
  return {
    ...newMemoryParameters(memory, requireString(requireObject(memory, 'memory').id, 'id'), redact),
    access_count: requireInteger(memory.access_count, 'access_count', { min: 0 }),
    created_at: normalizeTimestamp(memory.created_at, 'created_at'),
    last_accessed: normalizeTimestamp(memory.last_accessed, 'last_accessed'),
  };
}

/** Merges the metadata of a memory that is said again into what it has. */
export function mergedMetadata(known: JsonObject | undefined, said: SqlValue | undefined): string | null {
  const added = typeof said === 'string' ? decodeJsonObject(said) : undefined;
  if (known === undefined || added === undefined) return encodeJsonObject(added ?? known, 'metadata');
  return encodeJsonObject(mergeJsonObjects(known, added), 'metadata');
}

/** Nobody in particular has the empty name, so that unique rules tell people apart in one index. */
function userOrNobody(user: unknown): string {
  return optionalStringOrNull(user, 'user_id') ?? '';
}

/** Redacted or not, a memory has a content. */
function contentWithout(content: unknown, redact: Redact | undefined): string {
  return requireString(redactText(requireString(content, 'content'), redact), 'content');
}

/** Checks what makes a memory the same as another one, and until when, and returns the values of these columns. */
export function identityParameters(memory: Memory, redact: Redact | undefined): MemoryParameters {
  const { id, user_id, scope, project_id, content, expires_at } = requireObject(memory, 'memory');
  return {
    id: requireString(id, 'id'),
    user_id: userOrNobody(user_id),
    scope: requireOneOf(scope, 'scope', MEMORY_SCOPES),
    project_id: optionalNameOrNull(project_id, 'project_id'),
    content: contentWithout(content, redact),
    expires_at: expires_at === undefined ? null : normalizeTimestamp(expires_at, 'expires_at'),
  };
}

type CheckChange = (value: unknown, field: string, redact: Redact | undefined) => SqlValue;

const CHANGES: { readonly [Field in keyof MemoryChanges]-?: CheckChange } = {
  type: (value, field) => requireOneOf(value, field, MEMORY_TYPES),
  scope: (value, field) => requireOneOf(value, field, MEMORY_SCOPES),
  user_id: userOrNobody,
  project_id: optionalNameOrNull,
  content: (value, _field, redact) => contentWithout(value, redact),
  embedding: (value, field) => {
    if (value === null) return null;
    if (!types.isFloat32Array(value)) throw new InvalidInputError(field, 'expected a Float32Array or null');
    return encodeVector(value, field);
  },
  embedding_model: optionalNameOrNull,
  importance: (value, field) => requireNumber(value, field, { min: 0, max: 1 }),
  expires_at: (value, field) => {
    if (value === null) return null;
    if (typeof value !== 'string' && !types.isDate(value))
      throw new InvalidInputError(field, 'expected an instant or null');
    return normalizeTimestamp(value, field);
  },
  metadata: encodeJsonObject,
};

/** Checks changes to a memory and returns the columns they set. */
export function changeParameters(changes: MemoryChanges, redact: Redact | undefined): MemoryParameters {
  const set: MemoryParameters = {};
  refuseUnknownNames(requireObject(changes, 'changes'), CHANGES, UNCHANGEABLE_NAMES, 'changes');
  for (const [field, value] of Object.entries(changes)) {
    if (isChangeable(field) && value !== undefined) set[field] = CHANGES[field](value, field, redact);
  }
  if (typeof set['content'] === 'string') set['identifiers'] = identifierWords(set['content']);
  if ('content' in set && !('embedding' in set)) set['embedding'] = null;
  if ('embedding' in set) {
    const isGone = set['embedding'] === null;
    set['embedding_model'] = isGone ? null : (set['embedding_model'] ?? UNKNOWN_MODEL);
    // A vector that was lost to new content is made again later.
    set['embedding_owed'] = isGone && 'content' in set ? 1 : 0;
  }
  return set;
}

function isChangeable(field: string): field is keyof MemoryChanges {
  return Object.hasOwn(CHANGES, field);
}
