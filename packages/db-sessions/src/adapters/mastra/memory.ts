import { randomUUID } from 'node:crypto';
import { ConflictError, type Database, NotFoundError, type Redact } from '@codebuddy/db-core';
import {
  contextOf,
  encodeJsonObject,
  type MonotonicClock,
  optionalNameOrNull,
  optionalStringOrNull,
  type Row,
  type RunTransaction,
  read,
  redactionOf,
  redactText,
  requireArray,
  requireObject,
  requireString,
} from '@codebuddy/db-core/internal';
import type { MastraDBMessage } from '@mastra/core/agent';
import type { StorageThreadType } from '@mastra/core/memory';
import {
  calculatePagination,
  jsonValueEquals,
  MemoryStorage,
  normalizePerPage,
  type StorageCloneThreadInput,
  type StorageCopyThreadOutput,
  type StorageListMessagesByResourceIdInput,
  type StorageListMessagesInput,
  type StorageListMessagesOutput,
  type StorageListThreadsInput,
  type StorageListThreadsOutput,
  type StorageResourceType,
} from '@mastra/core/storage';
import { messageParameters } from '../../sessions/inputs.ts';
import { MessageLists } from './message-lists.ts';
import { Resources } from './resources.ts';
import {
  checkedByMastra,
  type MessageUpdate,
  merged,
  toMastraMessage,
  toMessage,
  toThread,
  toTimestamp,
} from './rows.ts';
import { type MastraStatements, prepareStatements } from './statements.ts';
import { copiedMessages, copyOfThread } from './thread-copy.ts';

const THREADS_PER_PAGE = 100;

/**
 * The threads, messages and resources of Mastra. Each call changes everything it should, or nothing. The connection's redaction
 * applies to titles, metadata, working memory and what messages say. Observational memory is not supported.
 */
export class MastraSessionMemory extends MemoryStorage {
  override readonly supportsPartialThreadUpdate = true;
  readonly #statements: MastraStatements;
  readonly #lists: MessageLists;
  readonly #resources: Resources;
  readonly #transaction: RunTransaction;
  readonly #clock: MonotonicClock;
  readonly #redact: Redact | undefined;

  constructor(db: Database, clock: MonotonicClock) {
    super();
    this.#statements = prepareStatements(db);
    this.#lists = new MessageLists(this.#statements);
    this.#transaction = contextOf(db).transaction;
    this.#clock = clock;
    this.#redact = redactionOf(db);
    this.#resources = new Resources(this.#statements, this.#transaction, clock, this.#redact);
  }

  override async getThreadById(place: { threadId: string; resourceId?: string }): Promise<StorageThreadType | null> {
    const { threadId, resourceId } = requireObject(place, 'thread');
    const thread = this.#thread(threadId);
    return thread === null || (resourceId !== undefined && thread.resourceId !== resourceId) ? null : thread;
  }

  override async saveThread(args: { thread: StorageThreadType }): Promise<StorageThreadType> {
    const { thread } = requireObject(args, 'thread');
    return this.#transaction('mastra.saveThread', () => this.#saveThread(thread));
  }

  /** @throws NotFoundError when there is no such thread */
  override async updateThread(change: {
    id: string;
    title?: string;
    metadata?: Record<string, unknown>;
  }): Promise<StorageThreadType> {
    const { id, title, metadata } = requireObject(change, 'thread');
    return this.#transaction('mastra.updateThread', () => {
      const thread = this.#requireThread(id);
      return this.#saveThread({
        ...thread,
        ...(title === undefined ? {} : { title }),
        metadata: { ...thread.metadata, ...metadata },
        updatedAt: this.#now(),
      });
    });
  }

  override async deleteThread(args: { threadId: string }): Promise<void> {
    const { threadId } = requireObject(args, 'thread');
    this.#statements.deleteThread.run({ id: requireString(threadId, 'threadId') });
  }

  /** @throws NotFoundError when there is no such thread */
  override async updateThreadResourceId(place: { threadId: string; resourceId: string }): Promise<StorageThreadType> {
    const { threadId: id, resourceId } = requireObject(place, 'thread');
    const resource = requireString(resourceId, 'resourceId');
    return this.#transaction('mastra.updateThreadResourceId', () => {
      if (this.#requireThread(id).resourceId !== resource) {
        this.#statements.moveThread.run({ id, resource, now: this.#clock.timestamp() });
        this.#statements.moveMessages.run({ id, resource });
      }
      return this.#requireThread(id);
    });
  }

  override async listThreads(args: StorageListThreadsInput): Promise<StorageListThreadsOutput> {
    const { page = 0, perPage: perPageInput, orderBy, filter = {} } = requireObject(args, 'threads');
    const { resourceId, metadata: wantedMetadata } = requireObject(filter, 'filter');
    const { field, direction, perPage } = checkedByMastra('threads', 'expected a page, an order and metadata', () => {
      this.validatePaginationInput(page, perPageInput ?? THREADS_PER_PAGE);
      this.validateMetadataKeys(wantedMetadata);
      return { ...this.parseOrderBy(orderBy), perPage: normalizePerPage(perPageInput, THREADS_PER_PAGE) };
    });
    const wanted = Object.entries(wantedMetadata ?? {});
    const sign = direction === 'ASC' ? 1 : -1;
    const threads = this.#statements.threads
      .all({ resource: optionalNameOrNull(resourceId || undefined, 'filter.resourceId') })
      .map(toThread)
      .filter(({ metadata = {} }) => wanted.every(([key, value]) => jsonValueEquals(metadata[key], value)))
      .sort((a, b) => sign * (a[field].getTime() - b[field].getTime()));
    const { offset, perPage: size } = calculatePagination(page, perPageInput, perPage);
    const found = threads.slice(offset, offset + perPage);
    return { threads: found, total: threads.length, page, perPage: size, hasMore: offset + perPage < threads.length };
  }

  /** @throws ConflictError when there is a thread with the new id @throws NotFoundError when there is no such thread */
  override async copyThread(args: StorageCloneThreadInput): Promise<StorageCopyThreadOutput> {
    const { sourceThreadId, newThreadId, resourceId } = requireObject(args, 'thread');
    const { dateRange, select } = copiedMessages(args);
    return this.#transaction('mastra.copyThread', () => {
      const source = this.#requireThread(sourceThreadId);
      const id = newThreadId || randomUUID();
      if (this.#thread(id) !== null)
        throw new ConflictError('There is a thread with this id already. Give another id, or none.');
      const { messages } = this.#lists.ofThreads({ threadId: source.id, perPage: false, filter: { dateRange } });
      const copied = select(messages);
      const thread = this.#saveThread(copyOfThread(source, args, id, copied.at(-1)?.id, this.#now()));
      const ids = new Map(copied.map((message) => [message.id, randomUUID()]));
      for (const message of copied) {
        const copy = { ...message, id: ids.get(message.id) ?? randomUUID(), threadId: id };
        this.#saveMessage(resourceId ? { ...copy, resourceId } : copy);
      }
      return { thread, messageIdMap: Object.fromEntries(ids) };
    });
  }

  override async listMessages(args: StorageListMessagesInput): Promise<StorageListMessagesOutput> {
    return this.#lists.ofThreads(requireObject(args, 'messages'));
  }

  override async listMessagesByResourceId(
    args: StorageListMessagesByResourceIdInput,
  ): Promise<StorageListMessagesOutput> {
    return this.#lists.ofResource(requireObject(args, 'messages'));
  }

  override async listMessagesById(args: { messageIds: string[] }): Promise<{ messages: MastraDBMessage[] }> {
    const ids = requireArray(requireObject(args, 'messages').messageIds, 'messageIds');
    const messages = ids
      .flatMap((id) => this.#message(id) ?? [])
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    return { messages };
  }

  /**
   * Stores messages; one with the same id is replaced.
   *
   * @throws NotFoundError when there is no such thread
   */
  override async saveMessages(args: { messages: MastraDBMessage[] }): Promise<{ messages: MastraDBMessage[] }> {
    const messages = requireArray(requireObject(args, 'messages').messages, 'messages');
    this.#transaction('mastra.saveMessages', () => {
      for (const message of messages) this.#saveMessage(message);
      this.#touch(messages.map(({ threadId }) => threadId));
    });
    return { messages: [...messages] };
  }

  override async updateMessages(args: { messages: MessageUpdate[] }): Promise<MastraDBMessage[]> {
    const updates = requireArray(requireObject(args, 'messages').messages, 'messages');
    return this.#transaction('mastra.updateMessages', () =>
      updates.flatMap((update) => {
        const stored = this.#message(requireObject(update, 'messages').id);
        if (stored === undefined) return [];
        this.#saveMessage(merged(stored, update));
        this.#touch([stored.threadId, update.threadId]);
        return this.#message(update.id) ?? [];
      }),
    );
  }

  override async deleteMessages(messageIds: string[]): Promise<void> {
    this.#transaction('mastra.deleteMessages', () => {
      const rows = requireArray(messageIds, 'messageIds').flatMap((id): Row[] => {
        const row = this.#statements.deleteMessage.get({ id: requireString(id, 'messageIds') });
        return row === undefined ? [] : [row];
      });
      this.#touch(rows.map((row) => read.text(row, 'session_id')));
    });
  }

  override async getResourceById(args: { resourceId: string }): Promise<StorageResourceType | null> {
    return this.#resources.get(requireObject(args, 'resource').resourceId);
  }

  override async saveResource(args: { resource: StorageResourceType }): Promise<StorageResourceType> {
    return this.#resources.save(requireObject(args, 'resource').resource);
  }

  /** Changes a resource, or makes it. */
  override async updateResource(change: {
    resourceId: string;
    workingMemory?: string;
    metadata?: Record<string, unknown>;
  }): Promise<StorageResourceType> {
    const { resourceId: id, workingMemory, metadata } = requireObject(change, 'resource');
    return this.#resources.update(id, workingMemory, metadata);
  }

  /** Deletes the threads and resources that Mastra has saved; sessions that came another way stay. */
  override async dangerouslyClearAll(): Promise<void> {
    this.#transaction('mastra.clear', () => {
      this.#statements.clearThreads.run();
      this.#statements.clearResources.run();
    });
  }

  #thread(id: string): StorageThreadType | null {
    const row = this.#statements.readThread.get({ id: requireString(id, 'threadId') });
    return row === undefined ? null : toThread(row);
  }

  #requireThread(id: string): StorageThreadType {
    const thread = this.#thread(id);
    if (thread === null) throw new NotFoundError('thread');
    return thread;
  }

  #saveThread(thread: StorageThreadType): StorageThreadType {
    const { id, resourceId, title, metadata, createdAt, updatedAt } = requireObject(thread, 'thread');
    this.#statements.saveThread.run({
      id: requireString(id, 'thread.id'),
      resource: optionalNameOrNull(resourceId || undefined, 'thread.resourceId'),
      title: redactText(optionalStringOrNull(title, 'thread.title'), this.#redact),
      metadata: encodeJsonObject(metadata, 'thread.metadata', this.#redact),
      createdAt: toTimestamp(createdAt, 'thread.createdAt'),
      updatedAt: toTimestamp(updatedAt, 'thread.updatedAt'),
    });
    return thread;
  }

  #message(id: string): MastraDBMessage | undefined {
    const row = this.#statements.readMessage.get({ id: requireString(id, 'messageIds') });
    return row === undefined ? undefined : toMastraMessage(row);
  }

  #saveMessage(message: MastraDBMessage): void {
    const id = requireString(requireObject(message, 'messages').id, 'messages.id');
    const thread = requireString(message.threadId, 'messages.threadId');
    this.#requireThread(thread);
    const createdAt = toTimestamp(message.createdAt, 'messages.createdAt');
    const columns = messageParameters({ ...toMessage(message), session_id: thread }, createdAt, this.#redact);
    const stored = this.#statements.readMessage.get({ id });
    const row =
      stored === undefined
        ? Number(this.#statements.insertMessage.run(columns).lastInsertRowid)
        : read.number(stored, 'row');
    if (stored !== undefined) this.#statements.updateMessage.run({ ...columns, row });
    const resource = optionalNameOrNull(message.resourceId || undefined, 'messages.resourceId');
    this.#statements.nameMessage.run({ id, row, resource });
  }

  #touch(threads: readonly (string | undefined)[]): void {
    this.#statements.touchThread.run({ threads: JSON.stringify(threads), now: this.#clock.timestamp() });
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
