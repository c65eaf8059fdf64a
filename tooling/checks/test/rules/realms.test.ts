import { describe, expect, it } from 'vitest';
import { checkRealms } from '../../src/rules/realms.ts';
import { parse } from '../../src/source-file.ts';

const inMemory = (text: string) => checkRealms(parse('packages/db-memory/src/index.ts', text));

describe('an instance of a class of one realm', () => {
  it.each([
    'if (error instanceof Error) throw error;',
    "const known = error instanceof RangeError && error.message === '';",
    'const isBytes = (value: unknown) => value instanceof Uint8Array;',
    'signal instanceof AbortSignal;',
    'value instanceof globalThis.Map;',
  ])('is not asked for: %s', (text) => expect(inMemory(text)).toHaveLength(1));

  it.each(['error instanceof DatabaseError;', 'types.isUint8Array(value);', "'a' in globalThis;"])(
    'is not seen where there is none: %s',
    (text) => expect(inMemory(text)).toEqual([]),
  );
});
