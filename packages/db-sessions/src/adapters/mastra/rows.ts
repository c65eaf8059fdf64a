import { types } from 'node:util';
import { InvalidInputError } from '@codebuddy/db-core';
import {
  decodeJson,
  decodeJsonObject,
  encodeJson,
  isPlainObject,
  normalizeTimestamp,
  type Row,
  read,
  requireArray,
  requireObject,
  requireStringOrEmpty,
} from '@codebuddy/db-core/internal';
import type { MastraDBMessage } from '@mastra/core/agent';
import type { StorageThreadType } from '@mastra/core/memory';
import type { MemoryStorage, StorageResourceType } from '@mastra/core/storage';

const FORMAT = 'mastra/1';

type Content = MastraDBMessage['content'];

/** A change to a message, as Mastra gives it. */
export type MessageUpdate = Parameters<MemoryStorage['updateMessages']>[0]['messages'][number];

/** Turns a session into a thread. */
export function toThread(row: Row): StorageThreadType {
  const title = read.optionalText(row, 'name');
  const metadata = read.optionalText(row, 'thread_metadata');
  return {
    id: read.text(row, 'id'),
    resourceId: read.optionalText(row, 'project_id') ?? '',
    ...(title === undefined ? {} : { title }),
    ...(metadata === undefined ? {} : { metadata: { ...decodeJsonObject(metadata) } }),
    createdAt: new Date(read.text(row, 'created_at')),
    updatedAt: new Date(read.text(row, 'updated_at')),
  };
}

/** Turns a row into a resource. */
export function toResource(row: Row): StorageResourceType {
  const workingMemory = read.optionalText(row, 'working_memory');
  const metadata = read.optionalText(row, 'metadata');
  return {
    id: read.text(row, 'id'),
    ...(workingMemory === undefined ? {} : { workingMemory }),
    ...(metadata === undefined ? {} : { metadata: { ...decodeJsonObject(metadata) } }),
    createdAt: new Date(read.text(row, 'created_at')),
    updatedAt: new Date(read.text(row, 'updated_at')),
  };
}

/** Turns a message into one of Mastra: one that came another way has its text for a part. */
export function toMastraMessage(row: Row): MastraDBMessage {
  const { format, message } = decodeJsonObject(read.optionalText(row, 'metadata') ?? '{}');
  const stored = format === FORMAT && typeof message === 'string' ? decodeJson(message) : {};
  const parts = isPlainObject(stored) ? stored : {};
  const resourceId = read.optionalText(row, 'resource_id');
  const role = parts['role'] === 'signal' ? 'signal' : toRole(read.text(row, 'role'));
  const { content, type } = parts;
  return {
    id: read.optionalText(row, 'mastra_id') ?? String(read.number(row, 'row')),
    role,
    createdAt: new Date(read.text(row, 'created_at')),
    threadId: read.text(row, 'session_id'),
    ...(resourceId === undefined ? {} : { resourceId }),
    ...(typeof type === 'string' ? { type } : {}),
    content: isContent(content) ? content : toContent(read.optionalText(row, 'content') ?? ''),
  };
}

/** Returns what a message becomes beside sessions: its role, its text, and all of it as it is. */
export function toMessage(message: MastraDBMessage) {
  const content = contentOf(message);
  const role = message.role === 'signal' ? 'system' : message.role;
  const kept = { role: message.role, type: message.type, content };
  return { role, content: textOf(content), metadata: { format: FORMAT, message: encodeJson(kept, 'messages') } };
}

/** Puts a change on a message; the properties of its content are changed one by one. */
export function merged(stored: MastraDBMessage, { content, ...rest }: MessageUpdate): MastraDBMessage {
  if (!isPlainObject(content)) return { ...stored, ...rest };
  const metadata = { ...stored.content.metadata, ...content.metadata };
  const hasMetadata = stored.content.metadata !== undefined || content.metadata !== undefined;
  return {
    ...stored,
    ...rest,
    content: { ...stored.content, ...content, ...(hasMetadata ? { metadata } : {}) },
  };
}

/** Makes a check of Mastra's own, whose error quotes what was given. */
export function checkedByMastra<Result>(field: string, expectation: string, check: () => Result): Result {
  try {
    return check();
  } catch {
    throw new InvalidInputError(field, expectation);
  }
}

/** Returns an instant as timestamps are stored; Mastra gives dates, and what came as JSON gives strings. */
export function toTimestamp(date: Date | string, field: string): string {
  return normalizeTimestamp(
    types.isDate(date) && !Number.isNaN(date.getTime()) ? date.toISOString() : String(date),
    field,
  );
}

/** Messages of older releases have a string for their content. */
function contentOf(message: MastraDBMessage): Content {
  const content: unknown = message.content;
  if (typeof content === 'string') return toContent(content);
  const { parts } = requireObject(message.content, 'content');
  for (const part of requireArray(parts, 'content.parts')) requireObject(part, 'content.parts');
  return message.content;
}

function textOf({ parts, content }: Content): string {
  const texts = parts.flatMap((part) =>
    part.type === 'text' ? [requireStringOrEmpty(part.text, 'content.parts')] : [],
  );
  return texts.length === 0 ? (content ?? '') : texts.join('\n');
}

function toContent(text: string): Content {
  return { format: 2, content: text, parts: [{ type: 'text', text }] };
}

/** It was content when it was stored: only damage, or SQL of somebody else, can have left anything else. */
function isContent(value: unknown): value is Content {
  return isPlainObject(value) && Array.isArray(value['parts']);
}

function toRole(role: string): 'user' | 'assistant' | 'system' {
  return role === 'user' || role === 'system' ? role : 'assistant';
}
