import type { Memory } from '@codebuddy/db-core';
import { hashContent, MEMORY_TYPES, UNKNOWN_MODEL } from '@codebuddy/db-core/internal';
import type { LegacyFolder } from '../files/legacy-folder.ts';
import { EntryReader } from './entry-reader.ts';
import type { ParsedEntry } from './parsed-entry.ts';
import { withoutAbsent } from './without-absent.ts';

/**
 * Turns an entry of `memories.json` into a memory. Tags, summary and what else has no column of its own go into its
 * metadata.
 *
 * @param modifiedAt - when the file was last changed: the time of entries that tell none
 */
export function parseLegacyMemory(entry: unknown, folder: LegacyFolder, modifiedAt: string): ParsedEntry<Memory> {
  const read = new EntryReader(entry);
  const content = read.text('content');
  const id = read.optionalText('id') || `legacy-${hashContent(Buffer.from(content)).slice(0, 24)}`;
  const givenType = read.optionalText('type');
  const type = MEMORY_TYPES.find((known) => known === givenType);
  const embedding = read.optionalVector('embedding');
  const importance = read.optionalNumber('importance', { min: 0, max: 1 });
  const accessCount = read.optionalCount('accessCount');
  const updated = read.optionalInstant('updatedAt');
  const created = read.optionalInstant('createdAt') ?? updated ?? modifiedAt;
  const lastAccessed = read.optionalInstant('lastAccessedAt') ?? updated ?? created;
  const expires = read.optionalInstant('expiresAt');
  const projectId = read.optionalText('projectId') || folder.projectId;
  const extras = {
    tags: read.optionalTexts('tags'),
    summary: read.optionalText('summary'),
    sessionId: read.optionalText('sessionId'),
    updatedAt: updated,
    originalType: type === undefined ? givenType : undefined,
  };
  const metadata = { ...read.optionalObject('metadata'), ...withoutAbsent(extras), migratedFrom: 'json' };
  if (read.reasons.length > 0) return { reasons: read.reasons };

  const memory: Memory = {
    id,
    type: type ?? 'fact',
    scope: folder.scope,
    content,
    importance: importance ?? 0.5,
    access_count: accessCount ?? 0,
    created_at: created,
    last_accessed: lastAccessed,
    metadata,
  };
  if (projectId !== undefined) memory.project_id = projectId;
  if (expires !== undefined) memory.expires_at = expires;
  if (embedding !== undefined) {
    memory.embedding = embedding;
    memory.embedding_model = UNKNOWN_MODEL;
  }
  return { value: memory };
}
