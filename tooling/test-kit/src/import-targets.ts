import type {
  CacheImportTarget,
  CostImportTarget,
  MemoryImportTarget,
  SessionImportTarget,
} from '@codebuddy/db-core/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** What a suite needs to test one import target: made anew for each test. */
interface TargetHarness<Target> {
  readonly target: Target;
  close(): void;
}

const AT = '2026-01-01T00:00:00.000Z';

/** Describes what every target of a kind does, as a test suite over the one that `create` makes. */
export function describeMemoryImportTarget(create: () => Promise<TargetHarness<MemoryImportTarget>>): void {
  describeTarget('memories', create, (target) => {
    const memory = {
      id: 'm',
      type: 'fact',
      scope: 'user',
      content: 'kept as it was',
      importance: 0.25,
      access_count: 7,
      created_at: AT,
      last_accessed: AT,
    } as const;
    expect(target.locateMemories([memory])).toEqual([null]);
    expect(target.importMemories([memory])).toEqual(['inserted']);
    expect(target.importMemories([memory])).toEqual(['exists']);
    expect(target.locateMemories([memory])).toEqual([memory]);
    // Another memory under an id that is taken gets an id of its own.
    expect(target.importMemories([{ ...memory, content: 'another' }])).toEqual(['inserted']);
    expect(target.locateMemories([{ ...memory, content: 'another' }])[0]?.id).not.toBe('m');
  });
}

/** As {@link describeMemoryImportTarget}. */
export function describeSessionImportTarget(create: () => Promise<TargetHarness<SessionImportTarget>>): void {
  describeTarget('sessions', create, (target) => {
    const counters = { total_tokens_in: 1, total_tokens_out: 2, total_cost: 0.5, tool_calls_count: 0 };
    const session = { id: 's', created_at: AT, updated_at: AT, message_count: 1, is_archived: true, ...counters };
    const message = { role: 'user', content: 'said', tokens: 3, created_at: AT, operation_id: 'o' } as const;
    const transcript = { session, messages: [message] };
    expect(target.readTranscript('s')).toBeNull();
    expect(target.importTranscripts([transcript])).toEqual([
      { session: 'inserted', messagesInserted: 1, conflicts: [] },
    ]);
    expect(target.importTranscripts([transcript])).toEqual([{ session: 'exists', messagesInserted: 0, conflicts: [] }]);
    expect(target.readTranscript('s')).toMatchObject(transcript);
    const grown = { session, messages: [message, { ...message, content: 'more', operation_id: 'p' }] };
    expect(target.importTranscripts([grown])).toEqual([{ session: 'exists', messagesInserted: 1, conflicts: [] }]);
  });
}

/** As {@link describeMemoryImportTarget}. */
export function describeCacheImportTarget(create: () => Promise<TargetHarness<CacheImportTarget>>): void {
  describeTarget('cache entries', create, (target) => {
    const entry = { key: 'k', value: { a: 1 }, created_at: AT, hits: 4, category: 'migrated' };
    expect(target.locateEntries(['k'])).toEqual([null]);
    expect(target.importEntries([entry])).toEqual(['inserted']);
    expect(target.importEntries([{ ...entry, value: 'other' }])).toEqual(['exists']);
    expect(target.locateEntries(['k', 'l'])).toEqual([entry, null]);
  });
}

/** As {@link describeMemoryImportTarget}. */
export function describeCostImportTarget(create: () => Promise<TargetHarness<CostImportTarget>>): void {
  describeTarget('costs', create, (target) => {
    const cost = { key: 'day', date: '2026-01-01', cost: 1.5, tokensIn: 7, tokensOut: 3, sessions: 1 };
    expect(target.locateCosts(['day'])).toEqual([null]);
    expect(target.importCosts([cost])).toEqual(['inserted']);
    expect(target.importCosts([cost])).toEqual(['exists']);
    // It was there; what it has grown by is added.
    expect(target.importCosts([{ ...cost, cost: 2 }])).toEqual(['exists']);
    expect(target.locateCosts(['day'])).toEqual([{ cost: 2, tokensIn: 7, tokensOut: 3 }]);
  });
}

function describeTarget<Target>(
  kind: string,
  create: () => Promise<TargetHarness<Target>>,
  importsOnce: (target: Target) => void,
): void {
  describe(`an import of ${kind}`, () => {
    let harness: TargetHarness<Target>;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.close());

    it('stores a record as it is, once, and tells what is there', () => importsOnce(harness.target));
  });
}
