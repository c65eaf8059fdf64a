import type { Message } from '@codebuddy/db-core';

const MESSAGES_PER_READ = 500;

/** Reads the messages of a session, oldest first, some at a time. */
export function* iterateMessages(
  readAfter: (id: number, limit: number) => Message[],
): Generator<Message, void, undefined> {
  let after = 0;
  for (;;) {
    // Each read is finished before a message is handed out, so that the caller may write, or wait, in between.
    const page = readAfter(after, MESSAGES_PER_READ);
    yield* page;
    after = page.at(-1)?.id ?? after;
    if (page.length < MESSAGES_PER_READ) return;
  }
}
