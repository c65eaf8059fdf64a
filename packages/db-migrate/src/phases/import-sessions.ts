import { isDeepStrictEqual } from 'node:util';
import { type ImportedTranscript, redactTranscript, type SessionImportTarget } from '@codebuddy/db-core/internal';
import { parseLegacySession } from '../entries/legacy-session.ts';
import type { LegacyFile } from '../files/legacy-file.ts';
import type { FileReport } from '../migration-report.ts';
import { importFiles } from './import-files.ts';
import type { PhaseContext } from './phase-context.ts';
import { readWholeFile } from './read-whole-file.ts';
import { type StoredTranscript, storeTranscript } from './store-transcript.ts';

/**
 * Imports the session files of each folder, each in a transaction of its own, or, if it is large, in several, and compares each
 * with what is stored.
 *
 * @returns how many messages were stored now
 */
export async function importSessions(context: PhaseContext<SessionImportTarget>): Promise<number> {
  let filesDone = 0;
  let bytesDone = 0;
  let messages = 0;
  await importFiles(context, async (file, report) => {
    report.entries = 1;
    try {
      messages += await importSession(context, file, report);
    } finally {
      bytesDone += file.size;
      context.advance(++filesDone, bytesDone);
    }
  });
  return messages;
}

async function importSession(
  context: PhaseContext<SessionImportTarget>,
  file: LegacyFile,
  report: FileReport,
): Promise<number> {
  const content = await readWholeFile(context, file);
  const { transcript, places, problems } = parseLegacySession(content, file.path, file.modifiedAt);
  report.problems.push(...problems.map((problem) => ({ file: file.path, ...problem })));
  if (transcript === undefined) return 0;
  const read = redactTranscript(transcript, context.redact);
  const stored = await storeTranscript(context.target, read, file.size);
  if (stored.session === 'inserted') report.inserted = 1;
  else if (stored.session === 'exists') report.existing = 1;
  const problemAt = (index: number, reason: string) => ({
    file: file.path,
    position: `message ${places[index]}`,
    reason,
  });
  for (const { index, reason } of stored.refused) report.problems.push(problemAt(index, reason));
  if (typeof stored.session === 'object') report.problems.push({ file: file.path, reason: stored.session.refused });
  else if (!context.dryRun) {
    const expected = context.target.redactTranscript?.(read) ?? read;
    const notStored = findDifferences(context.target, expected, stored);
    if (notStored === 'session') report.problems.push({ file: file.path, reason: NOT_STORED });
    else report.problems.push(...notStored.map((index) => problemAt(index, NOT_STORED)));
  }
  return stored.messagesInserted;
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
