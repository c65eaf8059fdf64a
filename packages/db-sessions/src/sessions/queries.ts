import type { Database, MessageMatch, MessageSearchOptions, Session, SessionFilter } from '@codebuddy/db-core';
import {
  contextOf,
  excerpt,
  Filter,
  MESSAGE_COLUMNS,
  type NamesOf,
  normalizeTimestamp,
  optionalBoolean,
  PAGE_CLAUSE,
  PAGE_NAMES,
  pageParameters,
  type Row,
  read,
  readOptions,
  requireHighlightTags,
  requireOneOf,
  SESSION_COLUMNS,
  type StatementCache,
  snippetSql,
  toFtsQuery,
  toMessage,
  toSession,
} from '@codebuddy/db-core/internal';

const SESSION_PREFIX = 'session_';
const SESSION = SESSION_COLUMNS.join(', ');
const MATCH_COLUMNS = [
  ...MESSAGE_COLUMNS.map((column) => `m.${column}`),
  ...SESSION_COLUMNS.map((column) => `s.${column} AS "${SESSION_PREFIX}${column}"`),
].join(', ');

const SESSION_FILTER_NAMES: NamesOf<SessionFilter> = {
  ...PAGE_NAMES,
  projectId: true,
  isArchived: true,
  model: true,
  orderBy: true,
  order: true,
};

const SEARCH_NAMES: NamesOf<MessageSearchOptions> = {
  ...PAGE_NAMES,
  projectId: true,
  sessionId: true,
  includeArchived: true,
  role: true,
  since: true,
  until: true,
  highlight: true,
  match: true,
};

/** All dynamic SQL on sessions and messages: filters, orders, pages and full text. */
export class SessionSearch {
  readonly #statements: StatementCache;

  constructor(db: Database) {
    this.#statements = contextOf(db).dynamicStatements;
  }

  /**
   * The sessions that pass a filter. Those that lie in the future by more than a day come last: a clock was wrong when they were
   * written, and nobody knows when that was.
   */
  find(wanted: SessionFilter, now: string): Session[] {
    const filter = readOptions(wanted, SESSION_FILTER_NAMES, 'filter');
    const orderBy = requireOneOf(filter.orderBy ?? 'updated_at', 'orderBy', ['updated_at', 'created_at', 'total_cost']);
    const order = requireOneOf(filter.order ?? 'desc', 'order', ['asc', 'desc', 'ASC', 'DESC']);
    const where = new Filter()
      .ofProject('project_id', filter.projectId)
      .equals('model', filter.model)
      .equals('is_archived', filter.isArchived === undefined ? undefined : filter.isArchived ? 1 : 0);
    const isFuture = `${orderBy} > strftime('%Y-%m-%dT%H:%M:%fZ', @now, '+1 day')`;
    const first = orderBy !== 'total_cost' && this.#isAny(isFuture, now) ? `${isFuture}, ` : '';
    const statement = this.#statements.prepare(
      `SELECT ${SESSION} FROM sessions ${where.clause()} ORDER BY ${first}${orderBy} ${order}, id ${PAGE_CLAUSE}`,
      'sessions.findSessions',
    );
    return statement.all(where.parameters({ ...pageParameters(filter), now })).map(toSession);
  }

  /** An index answers it; as a part of each order, the condition would have every list sort all sessions. */
  #isAny(condition: string, now: string): boolean {
    const statement = this.#statements.prepare(
      `SELECT EXISTS (SELECT 1 FROM sessions WHERE ${condition}) AS found`,
      'sessions.findSessions',
    );
    return read.flag(statement.one({ now }), 'found');
  }

  /** The messages that hold the words of a string: the best match first. */
  matchMessages(text: string, given: MessageSearchOptions): MessageMatch[] {
    const options = readOptions(given, SEARCH_NAMES);
    const query = toFtsQuery(text, options.match);
    if (query === undefined) return [];
    const tags = requireHighlightTags(options.highlight);
    const [open, close] = tags;
    const roles = typeof options.role === 'string' ? [options.role] : options.role;
    const where = new Filter()
      .where('messages_fts MATCH @query', { query })
      .ofProject('s.project_id', options.projectId)
      .equals('m.session_id', options.sessionId)
      .equals('s.is_archived', optionalBoolean(options.includeArchived, 'includeArchived') === true ? undefined : 0)
      .oneOf('m.role', roles)
      .atLeast('m.created_at', options.since === undefined ? undefined : normalizeTimestamp(options.since, 'since'))
      .atMost('m.created_at', options.until === undefined ? undefined : normalizeTimestamp(options.until, 'until'));
    const statement = this.#statements.prepare(
      `SELECT ${MATCH_COLUMNS}, -bm25(messages_fts) AS score,
         ${snippetSql('messages_fts', 'm.content')} AS snippet
       FROM messages_fts JOIN messages AS m ON m.id = messages_fts.rowid JOIN sessions AS s ON s.id = m.session_id
       ${where.clause()} ORDER BY score DESC, m.id ${PAGE_CLAUSE}`,
      'sessions.searchMessages',
    );
    return statement.all(where.parameters({ ...pageParameters(options, 20), open, close })).map((row) => {
      const message = toMessage(row);
      const snippet = read.optionalText(row, 'snippet') ?? excerpt(message.content ?? '', text, tags);
      return { message, session: toSession(sessionPart(row)), score: read.number(row, 'score'), snippet };
    });
  }
}

function sessionPart(row: Row): Row {
  return Object.fromEntries(SESSION_COLUMNS.map((column) => [column, row[`${SESSION_PREFIX}${column}`]]));
}
