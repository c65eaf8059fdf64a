import type { Database } from '@codebuddy/db-core';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';

/** The number of rows of each table whose words are searched for. */
const SAMPLES = 2;

/** A search that finds this many may have more matches. */
const LIMIT = 50;

/** Searches and scans compare expiry times with this instant, whichever clock a test has. */
const NOW = new Date(Date.UTC(2026, 5, 1));

/** A search under one filter, and the condition that says the same in SQL. */
interface FilteredSearch {
  readonly filter: string;
  /** The ids of what is found. */
  readonly found: () => readonly string[];
  /** Selects the id and the text of every row that passes the filter. */
  readonly scan: string;
  readonly parameters: readonly (string | number)[];
}

/** Compares the rows that searches find by their words, under every filter, with those that a scan finds with LIKE. */
export function findWrongAnswers(db: Database): string[] {
  return [...memorySearches(db), ...messageSearches(db), ...chunkSearches(db)].flatMap(({ word, searches }) =>
    searches.flatMap((search) => compare(db, word, search)),
  );
}

interface Sample {
  readonly word: string;
  readonly searches: readonly FilteredSearch[];
}

function memorySearches(db: Database): Sample[] {
  const memories = new MemoryRepository(db, { clock: () => NOW.getTime() });
  const alive = `(expires_at IS NULL OR expires_at > '${NOW.toISOString()}')`;
  const current = `${alive} AND superseded_at IS NULL`;
  return memories.find({ limit: SAMPLES }).flatMap(({ content, type, scope, project_id, importance }) => {
    const word = wordOf(content);
    if (word === undefined) return [];
    const search = (
      filter: Parameters<typeof memories.search>[1],
      where: string,
      ...parameters: (string | number)[]
    ): FilteredSearch => ({
      filter: `memories with ${JSON.stringify(filter)}`,
      found: () => memories.search(word, { ...filter, limit: LIMIT }).map(({ memory }) => memory.id),
      scan: `SELECT id, content, identifiers FROM memories WHERE ${where}`,
      parameters,
    });
    return [
      {
        word,
        searches: [
          search({}, current),
          search({ type }, `${current} AND type = ?`, type),
          search({ type: [type, 'error'], scope }, `${current} AND type IN (?, 'error') AND scope = ?`, type, scope),
          search({ minImportance: importance }, `${current} AND importance >= ?`, importance),
          search({ includeSuperseded: true }, alive),
          ...(project_id === undefined
            ? []
            : [search({ projectId: project_id }, `${current} AND project_id = ?`, project_id)]),
        ],
      },
    ];
  });
}

function messageSearches(db: Database): Sample[] {
  const sessions = new SessionRepository(db);
  const stored = sessions.findSessions({ limit: SAMPLES });
  return stored.flatMap(({ id, project_id }) => {
    const [message] = sessions.getRecentMessages(id, 1);
    const word = wordOf(message?.content ?? '');
    if (message === undefined || word === undefined) return [];
    const { role, created_at } = message;
    const search = (
      filter: Parameters<typeof sessions.searchMessages>[1],
      where: string,
      ...parameters: string[]
    ): FilteredSearch => ({
      filter: `messages with ${JSON.stringify(filter)}`,
      found: () =>
        sessions
          .searchMessages(word, { ...filter, includeArchived: true, limit: LIMIT })
          .map(({ message: { id } }) => String(id)),
      scan: `SELECT m.id, m.content, m.identifiers FROM messages AS m JOIN sessions AS s ON s.id = m.session_id
        WHERE ${where}`,
      parameters,
    });
    return [
      {
        word,
        searches: [
          search({}, '1'),
          search({ sessionId: id }, 'm.session_id = ?', id),
          search({ role }, 'm.role = ?', role),
          search({ role: [role, 'tool'], sessionId: id }, "m.role IN (?, 'tool') AND m.session_id = ?", role, id),
          search({ since: created_at }, 'm.created_at >= ?', created_at),
          search({ until: created_at }, 'm.created_at <= ?', created_at),
          ...(project_id === undefined ? [] : [search({ projectId: project_id }, 's.project_id = ?', project_id)]),
        ],
      },
    ];
  });
}

function chunkSearches(db: Database): Sample[] {
  const index = new EmbeddingRepository(db);
  return index.find({ limit: SAMPLES }).flatMap((chunk) => {
    const word = wordOf(chunk.chunk_text);
    if (word === undefined) return [];
    const { project_id, file_path, language, symbol_type, symbol_name } = chunk;
    const search = (
      filter: Parameters<typeof index.searchHybrid>[2],
      where: string,
      ...parameters: string[]
    ): FilteredSearch => ({
      filter: `chunks with ${JSON.stringify(filter)}`,
      found: () => index.searchHybrid(word, undefined, { ...filter, limit: LIMIT }).map(({ item }) => String(item.id)),
      scan: `SELECT k.id, c.text AS content, c.identifiers FROM code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id
        WHERE ${where}`,
      parameters,
    });
    return [
      {
        word,
        searches: [
          search({}, '1'),
          search({ projectId: project_id }, 'k.project_id = ?', project_id),
          search(
            { projectId: project_id, filePath: file_path },
            'k.project_id = ? AND k.file_path = ?',
            project_id,
            file_path,
          ),
          ...(language === undefined ? [] : [search({ language }, 'k.language = ?', language)]),
          ...(symbol_name === undefined ? [] : [search({ symbolName: symbol_name }, 'k.symbol_name = ?', symbol_name)]),
          ...(symbol_type === undefined ? [] : [search({ symbolType: symbol_type }, 'k.symbol_type = ?', symbol_type)]),
        ],
      },
    ];
  });
}

function compare(db: Database, word: string, { filter, found, scan, parameters }: FilteredSearch): string[] {
  const withWord = `SELECT * FROM (${scan}) WHERE content LIKE ? OR identifiers LIKE ?`;
  const containing = rowsOf(db, withWord, [...parameters, `%${word}%`, `%${word}%`]);
  // LIKE also finds the word inside another one; a search finds it only at the beginning of a word.
  const beginsWord = new RegExp(`(?<![\\p{L}\\p{N}\\p{Co}\\p{M}])${word}`, 'iu');
  const expected = containing.filter(({ text }) => beginsWord.test(text)).map(({ id }) => id);
  const matches = found();
  const ids = new Set(matches);
  const amongFound = `SELECT * FROM (${scan}) WHERE CAST(id AS TEXT) IN (SELECT value FROM json_each(?))`;
  const passing = new Set(rowsOf(db, amongFound, [...parameters, JSON.stringify(matches)]).map(({ id }) => id));
  const missing = matches.length < LIMIT ? expected.filter((id) => !ids.has(id)) : [];
  return [
    ...missing.map((id) => `${filter}: ${id} has the word and is not found`),
    ...matches.filter((id) => !passing.has(id)).map((id) => `${filter}: ${id} is found and fails the filter`),
  ];
}

function rowsOf(db: Database, sql: string, parameters: readonly (string | number)[]): { id: string; text: string }[] {
  const rows = db
    .prepare(sql)
    .raw()
    .all(...parameters);
  return rows.flatMap((row) => (Array.isArray(row) ? [{ id: String(row[0]), text: `${row[1]} ${row[2] ?? ''}` }] : []));
}

/** A word of a text that has no parts of its own: small letters alone, or digits. The last, which few texts share. */
function wordOf(text: string): string | undefined {
  return text.match(/(?<![\p{L}\p{N}\p{M}\p{Co}_])(?:[a-z]{3,40}|\d{1,12})(?![\p{L}\p{N}\p{M}\p{Co}_])/gu)?.at(-1);
}
