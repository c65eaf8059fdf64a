import type { Domain } from '../../table-kit/domain.ts';
import { legacy } from './legacy.ts';
import { migrations } from './table.ts';

/** Conversations and their messages. */
export const sessions: Domain = {
  migrations,
  tables: ['messages', 'sessions', 'session_lineage'],
  counted: { table: 'sessions', name: 'sessionsCount', label: 'Sessions' },
  derived: [
    {
      tables: ['sessions', 'messages'],
      // What somebody said is kept, although it is lost which conversation it was said in.
      sql: `INSERT OR IGNORE INTO sessions (id, name)
            SELECT DISTINCT session_id, 'Recovered' FROM messages WHERE session_id NOT IN (SELECT id FROM sessions);
            UPDATE sessions SET message_count = (SELECT count(*) FROM messages WHERE session_id = sessions.id)`,
    },
  ],
  legacy,
};
