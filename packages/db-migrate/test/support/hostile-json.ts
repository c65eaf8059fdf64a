import fc from 'fast-check';

/** Stands in everything that a broken entry says: no report may repeat it. */
export const SECRET = 'sEcReT';

/** JSON text that is nested so deep. */
export function nested(depth: number, kind: 'lists' | 'objects'): string {
  const [open, close] = kind === 'lists' ? ['[', ']'] : [`{"${SECRET}":`, '}'];
  return `${open.repeat(depth)}"${SECRET}"${close.repeat(depth)}`;
}

/** JSON text that SQLite's JSON functions can't read, or JavaScript can't hold. */
export const TOO_MUCH = fc.oneof(
  fc
    .record({ depth: fc.constantFrom(1_001, 1_500, 5_000, 20_000, 100_000), kind: fc.constantFrom('lists', 'objects') })
    .map(({ depth, kind }) => nested(depth, kind)),
  fc.constantFrom('1e999', '[-1e400]', `{"${SECRET}":[1e309]}`),
);

/** JSON text of any value that is none of these types. */
export function valueBut(
  ...types: readonly ('text' | 'number' | 'list' | 'object' | 'absent')[]
): fc.Arbitrary<string> {
  const values = [
    ['text', `"${SECRET}"`],
    ['number', '4.25'],
    ['number', '-1'],
    ['number', '1e30'],
    ['number', '9007199254740993'],
    ['list', `["${SECRET}"]`],
    ['list', '[[1]]'],
    ['object', `{"${SECRET}":1}`],
    ['object', '{"__proto__":{"polluted":true}}'],
    ['boolean', 'true'],
    ['boolean', 'false'],
    ['absent', 'null'],
  ] as const;
  return fc.constantFrom(...values.filter(([type]) => !types.some((each) => each === type)).map(([, text]) => text));
}

/** JSON text of a number that is not one of those that a field takes. */
export const BAD_COUNT = fc.oneof(
  valueBut('number', 'absent'),
  fc.constantFrom('-1', '0.5', '1e30', '1e999', '-1e999'),
);

/** JSON text of what is no instant. */
export const BAD_INSTANT = fc.oneof(
  valueBut('number', 'absent'),
  fc.constantFrom('1e30', '-1e300', '8.7e15', `"+275760-09-13T00:00:00.000Z"`, '"2025-02-30"', '"yesterday"', '1e999'),
);

/** Text that is no JSON object at all, though it stays within its brackets. */
export const NO_OBJECT = fc.constantFrom(
  'null',
  'true',
  '17',
  `"${SECRET}"`,
  '[]',
  `["${SECRET}"]`,
  '',
  '}',
  `{"content": }`,
  `{content: "${SECRET}"}`,
  `{'content': '${SECRET}'}`,
  `{"content": "${SECRET}",}`,
  `{"content": "${SECRET}"} "${SECRET}"`,
  `{"content": "a\\x"}`,
  '{"content": "a\tb\u0000"}',
  'NaN',
  'undefined',
  '01',
  `{"content": ["${SECRET}"}`,
  `{"content": "${SECRET}" /* a remark */}`,
);
