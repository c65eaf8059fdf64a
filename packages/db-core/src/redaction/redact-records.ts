import { decodeJson, decodeJsonObject, encodeJson, type JsonObject, type JsonValue } from '../codecs/json.ts';
import type {
  CacheRecord,
  ImportedMessage,
  ImportedTranscript,
  Transcript,
} from '../domains/imports/import-targets.ts';
import type { Memory } from '../domains/memories/record.ts';
import type { Session } from '../domains/sessions/record.ts';
import type { Redact } from '../redact.ts';
import { requireArray, requireObject } from '../validation.ts';

/** Takes out of a memory what must not be stored; by its id, type, scope and project it stays the same memory. */
export function redactMemory(memory: Memory, redact: Redact): Memory {
  requireObject(memory, 'memory');
  return { ...memory, content: redact(memory.content), ...redactedMetadata(memory.metadata, redact) };
}

/** Takes out of a cache entry what must not be stored; by its key it stays the same entry. */
export function redactCacheRecord(record: CacheRecord, redact: Redact): CacheRecord {
  return { ...requireObject(record, 'record'), value: redactJson(record.value, 'value', redact) };
}

/** Takes out of a session and its messages what must not be stored; by their ids they stay the same. */
export function redactTranscript(transcript: Transcript, redact: Redact): Transcript;
export function redactTranscript(transcript: ImportedTranscript, redact: Redact): ImportedTranscript;
export function redactTranscript(transcript: ImportedTranscript, redact: Redact): ImportedTranscript {
  const { session, messages } = requireObject(transcript, 'transcript');
  return {
    session: redactSession(session, redact),
    messages: requireArray(messages, 'messages').map((message) => redactMessage(message, redact)),
  };
}

function redactSession(session: Session, redact: Redact): Session {
  const { name, metadata } = requireObject(session, 'session');
  return { ...session, ...(name === undefined ? {} : { name: redact(name) }), ...redactedMetadata(metadata, redact) };
}

function redactMessage(message: ImportedMessage, redact: Redact): ImportedMessage {
  const { content, tool_calls, tool_call_id, metadata } = requireObject(message, 'messages');
  return {
    ...message,
    ...(content === undefined ? {} : { content: redact(content) }),
    ...(tool_calls === undefined ? {} : { tool_calls: redactJson(tool_calls, 'tool_calls', redact) }),
    ...(tool_call_id === undefined ? {} : { tool_call_id: redact(tool_call_id) }),
    ...redactedMetadata(metadata, redact),
  };
}

function redactedMetadata(metadata: JsonObject | undefined, redact: Redact): { metadata?: JsonObject } {
  return metadata === undefined ? {} : { metadata: decodeJsonObject(encodeJson(metadata, 'metadata', redact)) };
}

function redactJson(value: JsonValue, field: string, redact: Redact): JsonValue {
  return decodeJson(encodeJson(value, field, redact));
}
