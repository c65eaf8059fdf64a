import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MigrationResult } from '../src/index.ts';
import { LegacyHome } from './support/legacy-home.ts';

/** Few names, so that ids, texts and keys are met again, in one file and in several. */
const name = fc.constantFrom('a', 'b', 'c');
const instant = fc.constantFrom('2025-01-01T00:00:00.000Z', '2025-02-01 00:00:00', 'yesterday', 1e30, undefined);

const memory = fc.oneof(
  { weight: 5, arbitrary: fc.record({ id: fc.option(name, { nil: undefined }), content: name, createdAt: instant }) },
  { weight: 1, arbitrary: fc.constantFrom(null, {}, { content: 1 }, { content: 'a', importance: 2 }) },
);
const message = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      role: fc.constantFrom('user', 'assistant', undefined),
      type: fc.constantFrom('tool_call', 'plan', undefined),
      content: name,
      timestamp: instant,
      toolCalls: fc.constantFrom(undefined, [{ id: 'c', x: 1 }], [{ x: 1, id: 'c' }]),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, {}, { role: 'robot' }) },
);
const session = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ id: name, messages: fc.array(message, { maxLength: 5 }), createdAt: instant }),
  },
  { weight: 1, arbitrary: fc.constantFrom({}, [], { id: 'a' }, '{"id"') },
);
const entry = fc.record({
  key: fc.oneof(name, fc.constant(null)),
  value: fc.constantFrom(null, 1, { a: 1 }, undefined),
  expiresAt: fc.constantFrom(undefined, '2020-01-01', '2099-01-01'),
});
const cost = fc.constantFrom(0, 0.5, 1, -1, '1');
const costs = fc.oneof(
  fc.record({
    daily: fc.dictionary(fc.constantFrom('2025-01-01', '2025-01-02', 'never'), cost),
    sessions: fc.array(fc.record({ cost, date: fc.constantFrom('2025-01-01', '2025-01-01T05:00:00Z', 'never') })),
  }),
  fc.array(fc.record({ id: fc.option(name, { nil: undefined }), cost, timestamp: instant })),
);
const install = fc.record({
  memories: fc.array(memory, { maxLength: 8 }),
  index: fc.array(memory, { maxLength: 4 }),
  // Several files tell of one session, whatever their names.
  sessions: fc.array(session, { maxLength: 4 }),
  entries: fc.array(entry, { maxLength: 6 }),
  costs,
});

function write(legacy: LegacyHome, files: typeof install extends fc.Arbitrary<infer Install> ? Install : never): void {
  legacy.write('memories.json', files.memories);
  legacy.write('memory/memory-index.json', { memories: files.index });
  for (const [index, each] of files.sessions.entries()) legacy.write(`sessions/${index}.json`, each);
  legacy.write('cache/semantic-cache.json', files.entries);
  legacy.write('cost-history.json', files.costs);
}

/** All of a report but what a dry run can't tell: how long it took, and the new names of files. */
function told({ duration: _, files, ...result }: MigrationResult) {
  return { ...result, files: files.map(({ renamedTo: __, ...file }) => file) };
}

describe('a dry run', () => {
  it('reports exactly what the run then does, on an empty database and on one that has older entries', async () => {
    await fc.assert(
      fc.asyncProperty(install, install, fc.boolean(), async (first, second, deleteAfterMigration) => {
        using legacy = await LegacyHome.open();
        for (const files of [first, second]) {
          write(legacy, files);
          const rehearsal = await legacy.migrate({ dryRun: true });
          const stored = legacy.database.manager.getDatabaseStats();
          expect(told(rehearsal)).toEqual(told(await legacy.migrate({ deleteAfterMigration })));
          if (rehearsal.migratedItems.memories === 0)
            expect(legacy.database.manager.getDatabaseStats().memoriesCount).toBe(stored.memoriesCount);
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('tells of two session files with one id as the run does', async () => {
    using legacy = await LegacyHome.open();
    const said = (content: string) => ({ id: 'one', messages: [{ role: 'user', content }] });
    legacy.write('sessions/a.json', said('first'));
    legacy.write('sessions/b.json', said('other'));
    const rehearsal = await legacy.migrate({ dryRun: true });
    expect(rehearsal).toMatchObject({ success: false, messages: 1, migratedItems: { sessions: 1 } });
    expect(legacy.sessions.findSessions()).toEqual([]);
    expect(told(rehearsal)).toEqual(told(await legacy.migrate()));
  });
});
