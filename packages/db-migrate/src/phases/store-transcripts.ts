import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Session } from '@codebuddy/db-core';
import type {
  ImportedMessage,
  ImportedTranscript,
  ImportOutcome,
  SessionImportOutcome,
  SessionImportTarget,
} from '@codebuddy/db-core/internal';
import { refusalOf } from './store-records.ts';

/** The outcome of storing a transcript. */
export interface StoredTranscript {
  readonly session: ImportOutcome | { readonly refused: string };
  readonly messagesInserted: number;
  /** The messages that are not stored, by their index. */
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
}

/** A transcript that was read from a file of so many bytes. */
export interface ReadTranscript {
  readonly transcript: ImportedTranscript;
  readonly bytes: number;
}

/** A session whose file is larger is stored in several transactions. */
const MAX_PART_BYTES = 4_000_000;

/**
 * Stores sessions with their messages in one transaction. If the database refuses one of them, each is stored in a transaction
 * of its own, and a large one in several, a part of its messages in each.
 *
 * @returns what became of each
 */
export async function storeTranscripts(
  target: SessionImportTarget,
  transcripts: readonly ReadTranscript[],
): Promise<StoredTranscript[]> {
  if (transcripts.every(({ bytes }) => bytes <= MAX_PART_BYTES)) {
    try {
      return target.importTranscripts(transcripts.map(({ transcript }) => transcript)).map(toStored);
    } catch (error) {
      // An error that is about none of them is thrown on.
      refusalOf(error);
    }
  }
  const stored: StoredTranscript[] = [];
  for (const { transcript, bytes } of transcripts) stored.push(await storeInParts(target, transcript, bytes));
  return stored;
}

function toStored({ session, messagesInserted, conflicts }: SessionImportOutcome): StoredTranscript {
  return { session, messagesInserted, refused: conflicts.map((index) => ({ index, reason: DIFFERS })) };
}

async function storeInParts(
  target: SessionImportTarget,
  { session, messages }: ImportedTranscript,
  fileBytes: number,
): Promise<StoredTranscript> {
  const transcript = new TranscriptImport(target, session);
  const indexed = messages.map((message, index) => ({ index, message }));
  for (const part of partsOf(indexed, fileBytes)) {
    transcript.store(part);
    if (part.length < messages.length) await nextTurn();
  }
  return transcript.result();
}

/** A message with its index in the transcript. */
interface IndexedMessage {
  readonly index: number;
  readonly message: ImportedMessage;
}

class TranscriptImport {
  readonly #target: SessionImportTarget;
  readonly #session: Session;
  readonly #refused: { index: number; reason: string }[] = [];
  #outcome: StoredTranscript['session'] | undefined;
  #messagesInserted = 0;
  /** The first message that differs from the stored one: it comes along with each part, since nothing may follow it. */
  #differing: IndexedMessage[] = [];

  constructor(target: SessionImportTarget, session: Session) {
    this.#target = target;
    this.#session = session;
  }

  result(): StoredTranscript {
    const session = this.#outcome ?? 'exists';
    return { session, messagesInserted: this.#messagesInserted, refused: this.#refused };
  }

  /** Stores messages in one transaction. If the database refuses one of them, each is stored in a transaction of its own. */
  store(part: readonly IndexedMessage[]): void {
    if (typeof this.#outcome === 'object') return;
    try {
      this.#import(part);
    } catch (error) {
      const reason = refusalOf(error);
      const [first] = part;
      if (first === undefined) this.#outcome = { refused: reason };
      else if (this.#outcome === undefined) {
        // Perhaps it is the session itself that is refused.
        this.store([]);
        this.store(part);
      } else if (part.length > 1) for (const each of part) this.store([each]);
      else this.#refused.push({ index: first.index, reason });
    }
  }

  #import(part: readonly IndexedMessage[]): void {
    const given = [...this.#differing, ...part];
    const messages = given.map(({ message }) => message);
    const [outcome] = this.#target.importTranscripts([{ session: this.#session, messages }]);
    if (outcome === undefined) return;
    const { session, messagesInserted, conflicts } = outcome;
    this.#outcome ??= session;
    this.#messagesInserted += messagesInserted;
    const differing = conflicts.flatMap((at) => given[at] ?? []);
    for (const { index } of differing.slice(this.#differing.length)) this.#refused.push({ index, reason: DIFFERS });
    this.#differing = differing.slice(0, 1);
  }
}

const DIFFERS = 'the session has another message in its place, or in that of one before it';

/** Cuts messages into parts that are written in one transaction each; there is at least one, which may be empty. */
function partsOf(messages: readonly IndexedMessage[], fileBytes: number): (readonly IndexedMessage[])[] {
  if (fileBytes <= MAX_PART_BYTES) return [messages];
  let part: IndexedMessage[] = [];
  let bytes = 0;
  const parts = [part];
  for (const indexed of messages) {
    const { content, tool_calls } = indexed.message;
    const size = (content?.length ?? 0) + JSON.stringify(tool_calls ?? null).length;
    if (part.length > 0 && bytes + size > MAX_PART_BYTES) {
      part = [];
      parts.push(part);
      bytes = 0;
    }
    part.push(indexed);
    bytes += size;
  }
  return parts;
}
