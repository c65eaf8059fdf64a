import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MigrationResult } from '../src/index.ts';
import { BAD_COUNT, BAD_INSTANT, NO_OBJECT, SECRET, TOO_MUCH, valueBut } from './support/hostile-json.ts';
import { LegacyHome } from './support/legacy-home.ts';

/** An entry as JSON text, and the text by which it is found once it is stored; a broken one has none. */
interface Entry {
  readonly json: string;
  readonly stored?: string;
}

/** Takes fields that are fine, and gives one of them a value that breaks the entry. */
function withBroken(fields: Readonly<Record<string, string>>, broken: Readonly<Record<string, fc.Arbitrary<string>>>) {
  return fc.constantFrom(...Object.entries(broken)).chain(([name, values]) =>
    values.map((value): Entry => {
      const all = Object.entries({ ...fields, [name]: value });
      return { json: `{${all.map(([field, json]) => `${JSON.stringify(field)}:${json}`).join(',')}}` };
    }),
  );
}

const noObject = NO_OBJECT.map((json): Entry => ({ json }));
const text = (value: string) => JSON.stringify(value);

/** Odd values that are none the less right. */
const ODD = fc.constantFrom(
  '{}',
  '{"a":-0,"b":1e-400,"c":123456789012345678901234567890}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '{"\\ud800":"half an emoji \\udc00","toJSON":1,"\\u0000":"\\u0000"}',
  `{"a":${'['.repeat(999)}${']'.repeat(999)}}`,
  '{"a":1,"a":2,"":"","length":-1,"hasOwnProperty":null}',
);

/** Mixes entries of both kinds; the good ones get texts of their own. */
function mixed(good: (name: string) => fc.Arbitrary<string>, bad: fc.Arbitrary<Entry>) {
  const each = fc.oneof({ weight: 2, arbitrary: fc.constant('good' as const) }, { weight: 1, arbitrary: bad });
  return (
    fc
      .array(each, { minLength: 1, maxLength: 30 })
      .chain((kinds) =>
        fc.tuple(
          ...kinds.map((kind, index) =>
            kind === 'good'
              ? good(`good ${index}`).map((json): Entry => ({ json, stored: `good ${index}` }))
              : fc.constant(kind),
          ),
        ),
      )
      // Nothing between the brackets is no entry, but an empty list.
      .filter((entries) => entries.length > 1 || entries[0]?.json !== '')
  );
}

const storedOf = (entries: readonly Entry[]) => entries.flatMap(({ stored }) => stored ?? []).sort();
const brokenPlaces = (entries: readonly Entry[]) =>
  entries.flatMap(({ stored }, index) => (stored === undefined ? [index + 1] : []));

/** The places that a report names in a kind of list, such as `entry`, each once. */
function placesIn({ files }: MigrationResult, kind: string): number[] {
  const places = files.flatMap(({ problems }) => problems).map(({ position = '' }) => position.split(' '));
  return [...new Set(places.filter(([word]) => word === kind).map(([, place]) => Number(place)))].sort((a, b) => a - b);
}

function expectNothingTold({ errors, files }: MigrationResult): void {
  expect(JSON.stringify({ errors, files })).not.toContain(SECRET);
}

const RUNS = { numRuns: 20 };

describe('hostile entries', () => {
  it('keep no good memory from being imported, and each is named by its place', async () => {
    const good = (name: string) =>
      fc
        .record({ metadata: ODD, importance: fc.constantFrom('-0', '0', '1', 'null') })
        .map(
          ({ metadata, importance }) =>
            `{"id":${text(name)},"content":${text(name)},"metadata":${metadata},"importance":${importance},"accessCount":-0,"tags":["\\ud800"]}`,
        );
    const bad = fc.oneof(
      noObject,
      withBroken(
        { id: text(SECRET), content: text(`${SECRET} said`), type: '"fact"' },
        {
          id: valueBut('text', 'absent'),
          content: valueBut('text'),
          type: valueBut('text', 'absent'),
          summary: valueBut('text', 'absent'),
          sessionId: valueBut('text', 'absent'),
          projectId: valueBut('text', 'absent'),
          importance: fc.oneof(valueBut('number', 'absent'), fc.constantFrom('1.001', '-1e-9', '1e999')),
          accessCount: BAD_COUNT,
          createdAt: BAD_INSTANT,
          updatedAt: BAD_INSTANT,
          lastAccessedAt: BAD_INSTANT,
          expiresAt: BAD_INSTANT,
          tags: fc.oneof(valueBut('list', 'absent'), fc.constantFrom('[1]', '[null]', '[["a"]]')),
          embedding: fc.oneof(valueBut('list', 'absent'), fc.constantFrom('[]', '[null]', '[1e39]', '["1"]', '[[1]]')),
          metadata: fc.oneof(
            valueBut('object', 'absent'),
            TOO_MUCH.filter((json) => json.length > 20),
          ),
        },
      ),
    );
    await fc.assert(
      fc.asyncProperty(mixed(good, bad), async (entries) => {
        using legacy = await LegacyHome.open();
        legacy.write('memories.json', `[${entries.map(({ json }) => json).join(',')}]`);
        const result = await legacy.migrate({ deleteAfterMigration: true });
        expect(
          legacy.memories
            .find()
            .map(({ content }) => content)
            .sort(),
        ).toEqual(storedOf(entries));
        expect(placesIn(result, 'entry')).toEqual(brokenPlaces(entries));
        expectNothingTold(result);
        expect(Reflect.get({}, 'polluted')).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('keep no good cache entry from being imported', async () => {
    const good = (name: string) =>
      fc
        .oneof(ODD, fc.constantFrom('null', '0', '""', '[]'))
        .map((value) => `{"key":${text(name)},"value":${value},"hits":-0}`);
    const bad = fc.oneof(
      noObject,
      withBroken(
        { key: text(SECRET), value: '1' },
        {
          key: valueBut('text'),
          value: TOO_MUCH,
          hits: BAD_COUNT,
          createdAt: BAD_INSTANT,
          expiresAt: BAD_INSTANT,
          embedding: fc.constantFrom('[]', '[null]', '[1e39]', `"${SECRET}"`),
        },
      ),
      fc.constant({ json: `{"key":"${SECRET}"}` }),
    );
    await fc.assert(
      fc.asyncProperty(mixed(good, bad), async (entries) => {
        using legacy = await LegacyHome.open();
        legacy.write('cache/semantic-cache.json', `{"entries":[${entries.map(({ json }) => json).join(',')}]}`);
        const result = await legacy.migrate();
        expect(legacy.cache.keys()).toEqual(storedOf(entries));
        expect(placesIn(result, 'entry')).toEqual(brokenPlaces(entries));
        expectNothingTold(result);
      }),
      RUNS,
    );
  });

  it('keep no good message of a session from being imported', async () => {
    const good = (name: string) =>
      ODD.map((calls) => `{"role":"assistant","content":${text(name)},"toolCalls":${calls},"toolCallId":null}`);
    const bad = fc.oneof(
      noObject.filter(({ json }) => isJson(json)),
      withBroken(
        { role: '"user"', content: text(SECRET) },
        {
          role: valueBut(),
          content: valueBut('text', 'absent'),
          toolCallId: valueBut('text', 'absent'),
          toolCalls: TOO_MUCH,
          createdAt: BAD_INSTANT,
          timestamp: BAD_INSTANT,
        },
      ),
    );
    await fc.assert(
      fc.asyncProperty(mixed(good, bad), async (entries) => {
        using legacy = await LegacyHome.open();
        legacy.write('sessions/s.json', `{"id":"s","messages":[${entries.map(({ json }) => json).join(',')}]}`);
        const result = await legacy.migrate();
        expect(
          legacy.sessions
            .getMessages('s')
            .map(({ content }) => content)
            .sort(),
        ).toEqual(storedOf(entries));
        expect(placesIn(result, 'message')).toEqual(brokenPlaces(entries));
        expectNothingTold(result);
      }),
      RUNS,
    );
  });

  it('keep no good session file from being imported', async () => {
    const good = (name: string) => ODD.map((extra) => `{"id":${text(name)},"messages":null,"more":${extra}}`);
    const bad = fc.oneof(
      noObject,
      withBroken(
        { id: text(SECRET), messages: '[]' },
        {
          id: valueBut('text', 'absent'),
          messages: valueBut('list', 'absent'),
          name: valueBut('text', 'absent'),
          model: valueBut('text', 'absent'),
          projectId: valueBut('text', 'absent'),
          projectPath: valueBut('text', 'absent'),
          createdAt: BAD_INSTANT,
          updatedAt: BAD_INSTANT,
          totalCost: fc.oneof(valueBut('number', 'absent'), fc.constantFrom('-0.1', '1e7', '1e300', '1e999')),
          totalTokensIn: BAD_COUNT,
          totalTokensOut: BAD_COUNT,
        },
      ),
    );
    await fc.assert(
      fc.asyncProperty(mixed(good, bad), async (entries) => {
        using legacy = await LegacyHome.open();
        for (const [index, { json }] of entries.entries()) legacy.write(`sessions/${index + 1}.json`, json);
        const result = await legacy.migrate();
        expect(
          legacy.sessions
            .findSessions()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(storedOf(entries));
        const named = result.files
          .filter(({ problems }) => problems.length > 0)
          .map(({ path }) => path.match(/\d+(?=\.json)/)?.[0]);
        expect(named.map(Number).sort((a, b) => a - b)).toEqual(brokenPlaces(entries));
        expectNothingTold(result);
      }),
      RUNS,
    );
  });

  it('keep no good cost from being imported', async () => {
    const good = (name: string) =>
      fc
        .constantFrom('0', '-0', '0.30000000000000004', '1e-12', '9007199')
        .map((cost) => `{"cost":${cost},"model":${text(name)},"date":"2025-01-02"}`);
    const bad = fc.oneof(
      noObject.filter(({ json }) => isJson(json)),
      withBroken(
        { cost: '1', model: text(SECRET), date: '"2025-01-02"' },
        {
          cost: fc.oneof(valueBut('number'), fc.constantFrom('-0.1', '1e7', '1e300', '1e999')),
          tokens: BAD_COUNT,
          model: valueBut('text', 'absent'),
          date: fc.oneof(valueBut('text'), fc.constantFrom('"2025-02-30"', '"2025-1-1"', '""', '"99999-01-01"')),
        },
      ),
    );
    const badDays = fc.constantFrom(
      `"${SECRET}":1`,
      '"2025-02-30":1',
      '"2025-03-01":"1"',
      '"2025-03-01":-1',
      '"__proto__":1e9',
      '"5":1',
    );
    await fc.assert(
      fc.asyncProperty(mixed(good, bad), badDays, async (entries, day) => {
        using legacy = await LegacyHome.open();
        const sessions = entries.map(({ json }) => json).join(',');
        legacy.write('cost-history.json', `{"daily":{"2025-01-01":2,${day}},"sessions":[${sessions}]}`);
        const result = await legacy.migrate();
        const models = legacy.analytics.getAnalytics({ startDate: '2025-01-02' }).map(({ model }) => model);
        expect(models.sort()).toEqual(storedOf(entries));
        expect(legacy.analytics.getTotalCost({ endDate: '2025-01-01' })).toBe(2);
        expect(placesIn(result, 'session')).toEqual(brokenPlaces(entries));
        expect(placesIn(result, 'day')).toHaveLength(1);
        expectNothingTold(result);
      }),
      RUNS,
    );
  });

  it('are reported if they are no UTF-8, and keep no other one from being imported', async () => {
    using legacy = await LegacyHome.open();
    legacy.write('memories.json', '');
    const broken = Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('"}')]);
    const list = ['[{"content":"a"},', broken, ',{"content":"b"}]'].map((part) => Buffer.from(part));
    writeFileSync(legacy.home.join('memories.json'), Buffer.concat(list));
    expect((await legacy.migrate()).errors).toEqual([
      `${legacy.home.join('memories.json')}: entry 2: it is not UTF-8 text`,
    ]);
    expect(legacy.memories.find()).toHaveLength(2);
  });
});

function isJson(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
