import type { JsonObject } from '../../codecs/json.ts';

/** The kinds of memory. */
export const MEMORY_TYPES = [
  'fact',
  'preference',
  'pattern',
  'decision',
  'context',
  'summary',
  'instruction',
  'error',
  'definition',
  'convention',
] as const;

/** A kind of memory. */
export type MemoryType = (typeof MEMORY_TYPES)[number];

/** The reach of a memory: everywhere for this user, or in one project. */
export const MEMORY_SCOPES = ['user', 'project'] as const;

/** The reach of a memory. */
export type MemoryScope = (typeof MEMORY_SCOPES)[number];

/** Something worth remembering beyond one conversation. */
export interface Memory {
  id: string;
  type: MemoryType;
  scope: MemoryScope;
  /** The person it belongs to; absent if the file is one person's. */
  user_id?: string;
  project_id?: string;
  content: string;
  embedding?: Float32Array;
  /**
   * The model that made the embedding, such as `local:Xenova/all-MiniLM-L6-v2`; only vectors of one model are compared.
   */
  embedding_model?: string;
  /** From 0 to 1. */
  importance: number;
  access_count: number;
  created_at: string;
  last_accessed: string;
  expires_at?: string;
  /** The id of the memory that replaced this one; absent while it is current. */
  superseded_by?: string;
  superseded_at?: string;
  metadata?: JsonObject;
}
