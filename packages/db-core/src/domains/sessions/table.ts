import { counter, json, money, oneOf, optionalName, timestamp } from '../../table-kit/columns.ts';
import { fullTextIndex } from '../../table-kit/full-text-index.ts';
import { MESSAGE_ROLES } from './record.ts';

/** Conversations and their messages. Triggers keep `message_count` equal to the rows, whoever writes them. */
export const sessions = `
CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  ${optionalName('project_id')},
  project_path TEXT,
  name TEXT,
  ${optionalName('model')},
  ${timestamp('created_at')},
  ${timestamp('updated_at')},
  ${counter('total_tokens_in')},
  ${counter('total_tokens_out')},
  ${money('total_cost')},
  ${counter('message_count')},
  ${counter('tool_calls_count')},
  is_archived INTEGER NOT NULL DEFAULT 0 CHECK (is_archived IN (0, 1)),
  parent_session_id TEXT REFERENCES sessions(id) ON DELETE SET NULL,
  ${json('metadata')}
) STRICT;
CREATE INDEX sessions_updated ON sessions(updated_at DESC, id);
CREATE INDEX sessions_created ON sessions(created_at DESC, id);
CREATE INDEX sessions_project ON sessions(project_id, updated_at DESC) WHERE project_id IS NOT NULL;
CREATE INDEX sessions_parent ON sessions(parent_session_id) WHERE parent_session_id IS NOT NULL;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  ${oneOf('role', MESSAGE_ROLES)},
  content TEXT,
  identifiers TEXT,
  ${json('tool_calls')},
  tool_call_id TEXT,
  ${counter('tokens')},
  ${timestamp('created_at')},
  ${optionalName('operation_id')},
  ${json('metadata')}
) STRICT;
CREATE INDEX messages_session ON messages(session_id, id);
CREATE UNIQUE INDEX messages_operation ON messages(session_id, operation_id) WHERE operation_id IS NOT NULL;
${fullTextIndex({ table: 'messages', key: 'id', column: 'content' })}
CREATE TRIGGER messages_counted_ai AFTER INSERT ON messages BEGIN
  UPDATE sessions SET message_count = message_count + 1, updated_at = max(updated_at, new.created_at)
  WHERE id = new.session_id;
END;
CREATE TRIGGER messages_counted_ad AFTER DELETE ON messages BEGIN
  UPDATE sessions SET message_count = message_count - 1 WHERE id = old.session_id;
END;
CREATE TRIGGER messages_counted_au AFTER UPDATE OF session_id ON messages BEGIN
  UPDATE sessions SET message_count = message_count - 1 WHERE id = old.session_id;
  UPDATE sessions SET message_count = message_count + 1 WHERE id = new.session_id;
END;
`;
