import { optionalInteger, requireArray, requireObject } from '@codebuddy/db-core/internal';
import type { MastraDBMessage } from '@mastra/core/agent';
import type { StorageThreadType } from '@mastra/core/memory';
import type { StorageCloneThreadInput, StorageListMessagesInput } from '@mastra/core/storage';

/** The choice of the messages that are copied with a thread. */
export interface CopiedMessages {
  readonly dateRange: NonNullable<NonNullable<StorageListMessagesInput['filter']>['dateRange']>;
  select(messages: readonly MastraDBMessage[]): readonly MastraDBMessage[];
}

/** Checks the options of a copy. */
export function copiedMessages({ options = {} }: StorageCloneThreadInput): CopiedMessages {
  const { messageFilter = {}, messageLimit } = requireObject(options, 'options');
  const { startDate: start, endDate: end, messageIds = [] } = requireObject(messageFilter, 'options.messageFilter');
  const limit = optionalInteger(messageLimit, 'options.messageLimit') ?? 0;
  const ids = requireArray(messageIds, 'options.messageFilter.messageIds');
  return {
    dateRange: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) },
    select(messages) {
      const wanted = ids.length > 0 ? messages.filter((message) => ids.includes(message.id)) : messages;
      return limit > 0 ? wanted.slice(-limit) : wanted;
    },
  };
}

/** Returns the thread that a copy begins as; its metadata tells where it comes from. */
export function copyOfThread(
  source: StorageThreadType,
  { resourceId, title, metadata }: StorageCloneThreadInput,
  id: string,
  lastMessageId: string | undefined,
  now: Date,
): StorageThreadType {
  const copyTitle = title || (source.title ? `Clone of ${source.title}` : undefined);
  const last = lastMessageId === undefined ? {} : { lastMessageId };
  return {
    id,
    resourceId: resourceId || source.resourceId,
    ...(copyTitle === undefined ? {} : { title: copyTitle }),
    metadata: { ...metadata, clone: { sourceThreadId: source.id, clonedAt: now, ...last } },
    createdAt: now,
    updatedAt: now,
  };
}
