import { InvalidInputError } from '@codebuddy/db-core';
import {
  optionalNameOrNull,
  type Row,
  read,
  requireArray,
  requireInteger,
  requireObject,
  requireOneOf,
  requireString,
  type SqlParameters,
} from '@codebuddy/db-core/internal';
import type { MastraDBMessage } from '@mastra/core/agent';
import {
  calculatePagination,
  normalizePerPage,
  type StorageListMessagesByResourceIdInput,
  type StorageListMessagesInput,
  type StorageListMessagesOutput,
  storageMessageMatchesMetadataFilter,
  validateStorageMetadataFilter,
} from '@mastra/core/storage';
import { checkedByMastra, toMastraMessage, toTimestamp } from './rows.ts';
import type { MastraStatements } from './statements.ts';

const MESSAGES_PER_PAGE = 40;

type ListOptions = Omit<StorageListMessagesInput, 'threadId' | 'resourceId'>;

/** Reads pages of messages, of threads or of a resource. */
export class MessageLists {
  readonly #statements: MastraStatements;

  constructor(statements: MastraStatements) {
    this.#statements = statements;
  }

  ofThreads({ threadId, resourceId, ...options }: StorageListMessagesInput): StorageListMessagesOutput {
    const threads = requireArray(Array.isArray(threadId) ? threadId : [threadId], 'threadId');
    if (threads.length === 0 || !threads.every((id) => typeof id === 'string' && id.trim() !== ''))
      throw new InvalidInputError('threadId', 'expected a non-empty string, or an array of them');
    const parameters = {
      threads: JSON.stringify(threads),
      resource: optionalNameOrNull(resourceId || undefined, 'resourceId'),
    };
    return this.#page(this.#statements.ofThreads, parameters, options);
  }

  ofResource({ resourceId, ...options }: StorageListMessagesByResourceIdInput): StorageListMessagesOutput {
    const parameters = { resource: requireString(resourceId, 'resourceId') };
    return this.#page(this.#statements.ofResource, parameters, options);
  }

  #page(
    statements: MastraStatements['ofThreads'],
    parameters: SqlParameters & { resource: string | null },
    { include = [], perPage: perPageInput, page = 0, filter, orderBy, includeTotal = true }: ListOptions,
  ): StorageListMessagesOutput {
    const { direction = 'ASC' } = requireObject(orderBy ?? {}, 'orderBy');
    const { dateRange, metadata: wanted } = requireObject(filter ?? {}, 'filter');
    requireOneOf(direction, 'orderBy.direction', ['ASC', 'DESC']);
    const perPage = checkedByMastra('perPage', 'expected an integer of at least 0, or false', () =>
      normalizePerPage(perPageInput, MESSAGES_PER_PAGE),
    );
    if (!Number.isSafeInteger(page) || page < 0 || page * perPage > Number.MAX_SAFE_INTEGER)
      throw new InvalidInputError(
        'page',
        'expected an integer of at least 0, whose first message has an index that is one',
      );
    const pagination = calculatePagination(page, perPageInput, perPage);
    const metadata = checkedByMastra('filter.metadata', 'expected names of letters and digits, and plain values', () =>
      validateStorageMetadataFilter(wanted),
    );
    const range = { ...parameters, ...timeRange(requireObject(dateRange ?? {}, 'filter.dateRange')) };
    // What is in the metadata of a message's content is known only to JavaScript.
    const window =
      metadata === undefined ? { limit: perPage + 1, offset: pagination.offset } : { limit: -1, offset: 0 };
    const found =
      perPage === 0 ? [] : statements[direction].all({ ...range, ...withinIntegers(window) }).map(toMastraMessage);
    const passing = found.filter(({ content }) => storageMessageMatchesMetadataFilter(content, metadata));
    const rest = metadata === undefined ? passing : passing.slice(pagination.offset);
    const messages = rest.slice(0, perPage);
    const total = () => (perPage === 0 ? 0 : read.number(statements.count.one(range), 'messages'));
    return {
      messages: this.#withIncluded(messages, include, parameters.resource, direction),
      total: metadata !== undefined ? passing.length : includeTotal ? total() : pagination.offset + rest.length,
      page,
      perPage: pagination.perPage,
      hasMore: rest.length > perPage,
    };
  }

  /** Adds messages that are asked for by their ids, and those around them, of any thread of the same resource. */
  #withIncluded(
    messages: readonly MastraDBMessage[],
    include: NonNullable<ListOptions['include']>,
    resource: string | null,
    direction: 'ASC' | 'DESC',
  ): MastraDBMessage[] {
    if (requireArray(include, 'include').length === 0) return [...messages];
    const included = include.flatMap((each) => {
      const { id, withPreviousMessages = 0, withNextMessages = 0 } = requireObject(each, 'include');
      requireInteger(withPreviousMessages, 'include.withPreviousMessages', { min: 0 });
      requireInteger(withNextMessages, 'include.withNextMessages', { min: 0 });
      const target = this.#statements.readMessage.get({ id: requireString(id, 'include.id') });
      if (target === undefined || (resource !== null && read.optionalText(target, 'resource_id') !== resource))
        return [];
      return this.#around(target, resource, withPreviousMessages, withNextMessages);
    });
    const each = new Map([...messages, ...included.map(toMastraMessage)].map((message) => [message.id, message]));
    const sign = direction === 'ASC' ? 1 : -1;
    return [...each.values()].sort((a, b) => sign * (a.createdAt.getTime() - b.createdAt.getTime()));
  }

  #around(target: Row, resource: string | null, previous: number, next: number): Row[] {
    const place = {
      thread: read.text(target, 'session_id'),
      createdAt: read.text(target, 'created_at'),
      row: read.number(target, 'row'),
      resource,
    };
    return [
      ...this.#statements.before.all({ ...place, limit: previous }),
      target,
      ...this.#statements.after.all({ ...place, limit: next }),
    ];
  }
}

function timeRange(range: NonNullable<ListOptions['filter']>['dateRange'] = {}) {
  const { start, end, startExclusive = false, endExclusive = false } = range;
  return {
    start: start === undefined ? null : toTimestamp(start, 'filter.dateRange.start'),
    end: end === undefined ? null : toTimestamp(end, 'filter.dateRange.end'),
    withStart: startExclusive ? 0 : 1,
    withEnd: endExclusive ? 0 : 1,
  };
}

/** A page of every message has a size that is no integer to SQLite: a negative limit stands for none. */
function withinIntegers({ limit, offset }: { limit: number; offset: number }) {
  return { limit: Number.isSafeInteger(limit) ? limit : -1, offset };
}
