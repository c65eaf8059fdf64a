import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeUnusedNames,
  type NamesOf,
  readConfig,
  readOptions,
  readRecord,
} from '../src/known-names/known-names.ts';
import { nearestName } from '../src/known-names/nearest-name.ts';

interface Options {
  readonly projectId?: string | null | undefined;
  readonly limit?: number | null | undefined;
  readonly offset?: number | null | undefined;
}

const NAMES: NamesOf<Options> = { projectId: true, limit: true, offset: true };

/** The message of the error that options are refused with. */
function refusalOf(options: object): string {
  try {
    readOptions<Options>(options, NAMES, 'filter');
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('names that a call knows', () => {
  it.each([
    ['project_id', 'use projectId'],
    ['ProjectID', 'use projectId'],
    ['projctId', 'use projectId'],
    ['limits', 'use limit'],
    ['ofset', 'use offset'],
    ['scope', 'expected no other names than projectId, limit, offset'],
    ['', 'expected no other names than projectId, limit, offset'],
  ])('refuse %j, and say: %s', (name, advice) => {
    expect(refusalOf({ [name]: 'p' })).toBe(`InvalidInputError: Invalid filter: it has an unknown name: ${advice}.`);
  });

  it('refuse any other name, whatever it is, without telling it', () => {
    const anyName = fc.string({ unit: 'binary', minLength: 4, maxLength: 2_000 }).filter((name) => !(name in NAMES));
    const possible = ['qqqqqqqq', ...Object.keys(NAMES).map((name) => `${name}_`)].map((name) =>
      refusalOf({ [name]: 1 }),
    );
    for (const message of possible) expect(message).toContain('unknown name');
    fc.assert(
      fc.property(anyName, fc.anything(), (name, value) => {
        // Our own words are all that it says: those for a name that is near to one of ours, or to none.
        expect(possible).toContain(refusalOf({ limit: 1, [name]: value }));
      }),
    );
  });

  it('refuse what only its prototype hides: names with undefined, __proto__, constructor', () => {
    for (const text of ['{"__proto__": 1}', '{"constructor": 1}', '{"hasOwnProperty": 1}'])
      expect(refusalOf(Object(JSON.parse(text)))).toContain('unknown name');
    expect(refusalOf({ project_id: undefined })).toContain('use projectId');
    expect(refusalOf([])).toContain('expected an object');
  });

  it('take null for absent', () => {
    expect(readOptions<Options>({ projectId: null, limit: 0, offset: undefined }, NAMES)).toEqual({ limit: 0 });
  });

  it('are taken from a class of its own too', () => {
    class Choice {
      readonly limit = 3;
      get projectId(): string {
        return 'p';
      }
    }
    expect(readOptions<Options>(new Choice(), NAMES)).toEqual({ projectId: 'p', limit: 3 });
  });

  it('ignore in records what the database sets itself, and refuse the rest', () => {
    const record: Options = Object({ limit: 1, id: 7 });
    expect(readRecord(record, NAMES, { id: true }, 'record')).toEqual({ limit: 1 });
    expect(() => readRecord(record, NAMES, {}, 'record')).toThrow('unknown name');
  });

  it('warn in a configuration, once for all names, and tell those that may be meant', () => {
    const config: Options = Object({ limit: 1, projectID: 'p', theme: 'dark', ofset: null });
    expect(readConfig(config, NAMES)).toEqual({ limit: 1 });
    expect(describeUnusedNames(config, NAMES)).toBe(
      '3 names of the configuration are not used here. Did you mean projectId, offset? Known names are projectId, limit, offset.',
    );
    expect(describeUnusedNames({ theme: 'dark' }, NAMES)).toMatch(
      /^One name of the configuration is not used here\. Known/,
    );
    expect(describeUnusedNames({ limit: 1 }, NAMES)).toBeUndefined();
  });
});

describe('the nearest name', () => {
  it('is the one with the fewest letters changed, if two thirds stay', () => {
    expect(nearestName('sesion_id', ['sessionId', 'projectId'])).toBe('sessionId');
    expect(nearestName('id', ['ids', 'embedding'])).toBe('ids');
    expect(nearestName('banana', ['sessionId', 'projectId'])).toBeUndefined();
    expect(nearestName('x'.repeat(1_000_000), ['limit'])).toBeUndefined();
  });
});
