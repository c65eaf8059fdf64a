import { IDENTIFIERS } from '../../table-kit/content-functions.ts';
import type { LegacyTables, TableUpgrade } from '../../table-kit/legacy-tables.ts';

/** The roles that version 4 has: rows are copied into its tables, and brought to later versions from there. */
const ROLES = ['user', 'assistant', 'system', 'tool'];

/** Sessions; `message_count` starts at 0, since the messages that follow are counted by the triggers. */
const sessions: TableUpgrade = {
  from: 'sessions',
  to: 'sessions',
  derived: ['message_count'],
  columns: (old) => ({
    id: old.id('id'),
    project_id: old.name('project_id'),
    project_path: old.text('project_path'),
    name: old.text('name'),
    model: old.name('model'),
    created_at: old.firstInstant('created_at', 'updated_at'),
    updated_at: old.firstInstant('updated_at', 'created_at'),
    total_tokens_in: old.count('total_tokens_in'),
    total_tokens_out: old.count('total_tokens_out'),
    total_cost_nanos: old.money('total_cost'),
    tool_calls_count: old.count('tool_calls_count'),
    is_archived: old.flag('is_archived', 0),
    parent_session_id: old.name('parent_session_id'),
    metadata: old.jsonObject('metadata'),
  }),
};

/** Messages of the sessions that are there. */
const messages: TableUpgrade = {
  from: 'messages',
  to: 'messages',
  columns: (old) => ({
    id: old.raw('id'),
    session_id: old.text('session_id'),
    role: old.raw('role'),
    content: old.text('content'),
    identifiers: `${IDENTIFIERS}(${old.text('content')})`,
    tool_calls: old.json('tool_calls'),
    tool_call_id: old.text('tool_call_id'),
    tokens: old.count('tokens'),
    created_at: old.firstInstant('created_at'),
    metadata: old.jsonObject('metadata'),
  }),
  rejects: (old) => ({
    'its session does not exist': `NOT EXISTS (SELECT 1 FROM sessions WHERE id = ${old.text('session_id')})`,
    'its role is unknown': `NOT ${old.isOneOf('role', ROLES)}`,
  }),
};

/** The times of sessions, once more: storing a message sets the time of its session. */
const sessionTimes: TableUpgrade = {
  from: 'sessions',
  to: 'sessions',
  companion: true,
  columns: (old) => ({ id: old.id('id'), updated_at: old.firstInstant('updated_at', 'created_at') }),
  merge: 'ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at',
};

/** The tables that earlier releases kept this subject in. */
export const legacy: LegacyTables = {
  required: {
    sessions: ['id', 'total_cost', 'message_count'],
    messages: ['id', 'session_id', 'role', 'content'],
  },
  upgrades: [sessions, messages, sessionTimes],
  // Imports keep a parent that is not there the same way, and link it once it arrives.
  afterwards: `UPDATE sessions SET parent_session_id = NULL,
      metadata = json_set(ifnull(metadata, '{}'), '$.missingParentSessionId', parent_session_id)
    WHERE parent_session_id NOT IN (SELECT id FROM sessions)`,
};
