import type { JsonObject, JsonValue } from '../../codecs/json.ts';

/** The authors that a message can have. */
export const MESSAGE_ROLES = ['user', 'assistant', 'system', 'tool'] as const;

/** The author of a message. */
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** One conversation. */
export interface Session {
  id: string;
  project_id?: string;
  project_path?: string;
  name?: string;
  model?: string;
  created_at: string;
  updated_at: string;
  total_tokens_in: number;
  total_tokens_out: number;
  /** In US dollars. */
  total_cost: number;
  /** The database keeps it equal to the number of message rows. */
  message_count: number;
  tool_calls_count: number;
  is_archived: boolean;
  /** The session that this one was forked from. */
  parent_session_id?: string;
  metadata?: JsonObject;
}

/** One message of a conversation. */
export interface Message {
  id: number;
  session_id: string;
  role: MessageRole;
  content?: string;
  /** As the model's API gave them. */
  tool_calls?: JsonValue;
  tool_call_id?: string;
  tokens: number;
  created_at: string;
  /** The caller's name for the call that appended it: the same one appends no second message. */
  operation_id?: string;
  metadata?: JsonObject;
}
