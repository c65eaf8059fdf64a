import { errorSignature, PersistentLearning } from '@codebuddy/db-analytics';
import { CacheRepository, SemanticCache } from '@codebuddy/db-cache';
import { type Database, redactSecrets } from '@codebuddy/db-core';
import { identifierWords } from '@codebuddy/db-core/internal';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { EmbeddingRepository, LexicalEmbedder } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import { expect, it } from 'vitest';

const LENGTH = 200_000;

/** Each of them, again and again, made some expression or some query of a library like this one take hours. */
const UNITS = [
  ...[
    'x',
    'A',
    '0',
    ' ',
    '\n',
    '\t',
    '.',
    '-',
    '_',
    '/',
    '\\',
    ':',
    ',',
    '(',
    '<',
    '[',
    '{',
    '@',
    '"',
    "'",
    '`',
    '‘',
    '“',
  ],
  ...['a ', 'aB', 'aB ', 'aA1', 'a.', 'a-', 'a_', 'a/', 'a@', 'a:1', '1,', '1.', '1:', '-1', '0x', 'é', '漢', '\u0301'],
  ...[
    'at ',
    '--> ',
    '1 |',
    'line ',
    'File "',
    'C:\\',
    '../',
    'https:',
    '://a:',
    'postgres://a',
    '12:5',
    '1 ms',
    '2026-01-01',
  ],
  ...['sk-', 'sk-1', 'eyJ', 'eyJa.eyJ', 'AKIA', 'ghp_', '-----BEGIN ', '-----BEGIN PRIVATE KEY-----', 'not ', 'no 1 '],
  ...['{"a":', '\\"', '<a>', '&amp;', '%', '*', 'NEAR(', 'AND '],
];

type Call = (text: string) => unknown;

function callsOn(db: Database): Readonly<Record<string, Call>> {
  const memories = new MemoryRepository(db);
  const sessions = new SessionRepository(db);
  const chunks = new EmbeddingRepository(db);
  const learning = new PersistentLearning({ db });
  const cache = new CacheRepository(db);
  const answers = new SemanticCache(cache, { namespace: 'n', model: 'm', embeddingModel: 'e' });
  const lexical = new LexicalEmbedder();
  const vector = Float32Array.of(1, 2);
  sessions.createSession({ id: 's' });
  return {
    errorSignature,
    identifierWords,
    redactSecrets,
    lexical: (text) => lexical.embed([text]),
    repair: (text) => learning.getBestRepairStrategies(`error ${text}`),
    remember: (text) => memories.create({ id: 'm', type: 'fact', content: text }),
    search: (text) => memories.search(text),
    hybrid: (text) => memories.searchHybrid(text),
    forget: () => memories.delete('m'),
    say: (text) => sessions.addMessage({ session_id: 's', role: 'user', content: text }),
    searchMessages: (text) => sessions.searchMessages(text, { match: 'any' }),
    unsay: () => sessions.deleteMessages('s'),
    searchCode: (text) => chunks.searchHybrid(text),
    searchSymbols: (text) => chunks.searchBySymbol(`a${text}`),
    store: (text) => answers.store(`a${text}`, vector, 1),
    find: (text) => answers.find(`a ${text}`, vector),
    pattern: (text) => cache.deleteByPattern(text),
  };
}

it(`${UNITS.length} texts of ${LENGTH} characters hold up no call`, async () => {
  using database = await temporaryDatabase();
  const calls = callsOn(database.db);
  let made = 0;
  for (const unit of UNITS) {
    const text = unit.repeat(LENGTH / unit.length);
    for (const call of Object.values(calls)) {
      await call(text);
      made++;
    }
  }
  expect(made).toBe(UNITS.length * Object.keys(calls).length);
}, 180_000);
