import { isDeepStrictEqual } from 'node:util';
import {
  type ImportedTranscript,
  redactTranscript,
  type SessionImportOutcome,
  type SessionImportTarget,
  type Transcript,
} from '@codebuddy/db-core/internal';
import { parseLegacySession } from '../entries/legacy-session.ts';
import type { LegacyFile } from '../files/legacy-file.ts';
import { sessionFiles } from '../files/legacy-folder.ts';
import type { FileReport } from '../migration-report.ts';
import { type PhaseContext, readWholeFile, reportFile } from './phase-context.ts';

/**
 * Imports the session files of each folder, each in a transaction of its own, and compares each with what is stored.
 *
 * @returns how many messages were stored now
 */
export async function importSessions(context: PhaseContext<SessionImportTarget>): Promise<number> {
  let filesDone = 0;
  let bytesDone = 0;
  let messages = 0;
  for (const folder of context.folders) {
    for (const path of sessionFiles(folder)) {
      await reportFile(context, 'sessions', folder, path, async (file, report) => {
        report.entries = 1;
        messages += await store(context, file, report);
        bytesDone += file.size;
      });
      context.advance(++filesDone, bytesDone);
    }
  }
  return messages;
}

async function store(
  context: PhaseContext<SessionImportTarget>,
  file: LegacyFile,
  report: FileReport,
): Promise<number> {
  const content = await readWholeFile(context, file);
  const { transcript: parsed, problems } = parseLegacySession(content, file.path, file.modifiedMs);
  report.problems.push(...problems.map((problem) => ({ file: file.path, ...problem })));
  if (parsed === undefined) return 0;
  const transcript = redactTranscript(parsed, context.redact);
  const outcome = context.target.importTranscript(transcript);
  if (outcome.session === 'inserted') report.inserted = 1;
  else report.existing = 1;
  for (const index of outcome.conflicts) {
    const position = `message ${placeOf(transcript, index)}`;
    report.problems.push({ file: file.path, position, reason: 'the session has another message in its place' });
  }
  if (!context.dryRun) {
    const expected = context.target.redactTranscript?.(transcript) ?? transcript;
    const messages = expected.messages.filter((_, index) => !outcome.conflicts.includes(index));
    const difference = findDifference(context.target, { ...expected, messages }, outcome);
    if (difference !== undefined)
      report.problems.push({ file: file.path, id: transcript.session.id, reason: difference });
  }
  return outcome.messagesInserted;
}

/** The place of a message in its file, from 1: broken ones before it are not in the transcript. */
function placeOf({ messages }: Transcript, index: number): number {
  return Number(messages[index]?.operation_id?.slice('legacy:'.length)) + 1;
}

/** Every message that was read must be stored; a session that was not there before must be as it was read. */
function findDifference(
  target: SessionImportTarget,
  read: ImportedTranscript,
  { session, messagesInserted }: SessionImportOutcome,
): string | undefined {
  const stored = target.readTranscript(read.session.id);
  if (stored === null) return 'it is not stored';
  const byOperation = new Map(stored.messages.map((message) => [message.operation_id, message]));
  for (const message of read.messages) {
    const found = byOperation.get(message.operation_id);
    if (!isDeepStrictEqual(found, message)) return `message ${message.operation_id} is not stored as it was read`;
  }
  if (session === 'exists') return undefined;
  const expected = { ...read.session, message_count: messagesInserted };
  return isDeepStrictEqual(stored.session, expected) ? undefined : 'it is not stored as it was read';
}
