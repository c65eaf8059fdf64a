import { isDeepStrictEqual } from 'node:util';
import { type ImportedTranscript, redactTranscript, type SessionImportTarget } from '@codebuddy/db-core/internal';
import { type ParsedSession, parseLegacySession } from '../entries/legacy-session.ts';
import type { LegacyFile } from '../files/legacy-file.ts';
import type { FileReport } from '../migration-report.ts';
import { importFiles, type ReadContent } from './import-files.ts';
import type { PhaseContext } from './phase-context.ts';
import { readWholeFile } from './read-whole-file.ts';
import { type StoredTranscript, storeTranscripts } from './store-transcripts.ts';

/** A session file whose session can be stored. */
type ReadSession = ReadContent<ParsedSession & { readonly transcript: ImportedTranscript }>;

/**
 * Imports the session files of each folder, small ones together in one transaction, and compares each with what is stored.
 *
 * @returns how many messages were stored now
 */
export async function importSessions(context: PhaseContext<SessionImportTarget>): Promise<number> {
  let filesRead = 0;
  let bytesRead = 0;
  let messages = 0;
  await importFiles(context, {
    read: async (file, report) => {
      report.entries = 1;
      try {
        return await readSession(context, file, report);
      } finally {
        bytesRead += file.size;
        context.advance(++filesRead, bytesRead);
      }
    },
    store: async (contents) => {
      for (const sessions of withoutRepeats(contents.filter(hasTranscript)))
        messages += await storeSessions(context, sessions);
    },
  });
  return messages;
}

async function readSession(
  context: PhaseContext<SessionImportTarget>,
  file: LegacyFile,
  report: FileReport,
): Promise<ParsedSession> {
  const { redact } = context;
  const content = await readWholeFile(context, file);
  const parsed = parseLegacySession(content, file.path, file.modifiedAt);
  report.problems.push(...parsed.problems.map((problem) => ({ file: file.path, ...problem })));
  const { transcript } = parsed;
  if (transcript === undefined || redact === undefined) return parsed;
  return { ...parsed, transcript: redactTranscript(transcript, redact) };
}

function hasTranscript(read: ReadContent<ParsedSession>): read is ReadSession {
  return read.content.transcript !== undefined;
}

/** Divides sessions so that none comes twice in a part: each is compared with what is stored before it comes again. */
function* withoutRepeats(sessions: readonly ReadSession[]): Generator<readonly ReadSession[]> {
  let part = new Map<string, ReadSession>();
  for (const session of sessions) {
    const { id } = session.content.transcript.session;
    if (part.has(id)) {
      yield [...part.values()];
      part = new Map();
    }
    part.set(id, session);
  }
  if (part.size > 0) yield [...part.values()];
}

async function storeSessions(
  context: PhaseContext<SessionImportTarget>,
  sessions: readonly ReadSession[],
): Promise<number> {
  const outcomes = await storeTranscripts(
    context.target,
    sessions.map(({ content, file }) => ({ transcript: content.transcript, bytes: file.size })),
  );
  let messages = 0;
  for (const [index, session] of sessions.entries()) {
    const stored = outcomes[index];
    if (stored === undefined) continue;
    messages += stored.messagesInserted;
    reportOutcome(context, session, stored);
  }
  return messages;
}

function reportOutcome(
  { target, dryRun }: PhaseContext<SessionImportTarget>,
  { content: { transcript, places }, report }: ReadSession,
  stored: StoredTranscript,
): void {
  const file = report.path;
  const fail = (index: number, reason: string) =>
    report.problems.push({ file, position: `message ${places[index]}`, reason });
  for (const { index, reason } of stored.refused) fail(index, reason);
  if (typeof stored.session === 'object') {
    report.problems.push({ file, reason: stored.session.refused });
    return;
  }
  if (stored.session === 'inserted') report.inserted = 1;
  else report.existing = 1;
  if (dryRun) return;
  const notStored = findDifferences(target, target.redactTranscript?.(transcript) ?? transcript, stored);
  if (notStored === 'session') report.problems.push({ file, reason: NOT_STORED });
  else for (const index of notStored) fail(index, NOT_STORED);
}

const NOT_STORED = 'it is not stored as it was read';

/**
 * Compares a session with what is stored: each message must be there, and a session that was not there before must be as it was
 * read.
 *
 * @returns `session`, or the indexes of the messages that are stored otherwise
 */
function findDifferences(
  target: SessionImportTarget,
  { session, messages }: ImportedTranscript,
  { session: outcome, messagesInserted, refused }: StoredTranscript,
): 'session' | number[] {
  const stored = target.readTranscript(session.id);
  if (stored === null) return 'session';
  const expected = { ...session, message_count: messagesInserted };
  if (outcome === 'inserted' && !isDeepStrictEqual(stored.session, expected)) return 'session';
  const byOperation = new Map(stored.messages.map((message) => [message.operation_id, message]));
  const wasRefused = new Set(refused.map(({ index }) => index));
  return [...messages.entries()]
    .filter(([index, message]) => {
      const whole = { ...message, created_at: message.created_at ?? stored.session.created_at };
      return !wasRefused.has(index) && !isDeepStrictEqual(byOperation.get(message.operation_id), whole);
    })
    .map(([index]) => index);
}
