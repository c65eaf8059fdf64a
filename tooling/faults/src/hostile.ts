import fc from 'fast-check';

/** Values that no call expects, or that only look like what one expects. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    -1,
    0,
    0.5,
    1e308,
    2 ** 53,
    -(2 ** 53),
    2n ** 64n,
    true,
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '%',
    '_',
    "'; DROP TABLE memories; --",
    '" OR *',
    'NEAR(',
    'foo-bar AND',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    'x'.repeat(300_000),
    'not a date',
    '2026-02-30',
    '+275760-09-13T00:00:00.000Z',
    '0000-01-01',
    '2026-01-01 00:00:00',
    Symbol('s'),
  ),
  fc
    .constantFrom(
      () => new Date(Number.NaN),
      () => new Date(8.64e15),
      () => new Date(-1),
      () => ({}),
      () => [],
      () => [undefined],
      () => [[]],
      () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
      () => Object.create(null),
      () => new Map([['a', 1]]),
      () => new Float32Array(),
      () => Float32Array.of(Number.NaN, 1, 1),
      () => Float32Array.of(Number.POSITIVE_INFINITY, 1, 1),
      () => new Float32Array(3),
      () => Float32Array.of(1),
      () => Float32Array.of(3e38, 3e38, 3e38),
      () => Float64Array.of(1, 2, 3),
      () => new Uint8Array(7),
      () => /(a+)+$/,
      () => () => 1,
      () => circular(),
      () => ({ toString: 1, valueOf: null }),
    )
    .map((make) => make()),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.jsonValue(),
);

function circular(): unknown {
  const loop: Record<string, unknown> = {};
  loop['loop'] = loop;
  return loop;
}

/** Arguments of which one part, however deep, is something else than it should be. */
export function spoiled(args: readonly unknown[]): fc.Arbitrary<readonly unknown[]> {
  const paths = leavesOf(args);
  if (paths.length === 0) return fc.array(hostile, { maxLength: 3 });
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(fc.constantFrom(...paths), hostile).map(([path, value]) => put(args, path, value)),
    },
    { weight: 1, arbitrary: fc.array(hostile, { maxLength: args.length + 1 }) },
  );
}

type Path = readonly (string | number)[];

function leavesOf(value: unknown, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path];
  if (Array.isArray(value)) return [...here, ...value.flatMap((each, index) => leavesOf(each, [...path, index]))];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return here;
  return [...here, ...Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]))];
}

function put(value: readonly unknown[], path: Path, into: unknown): readonly unknown[];
function put(value: unknown, path: Path, into: unknown): unknown;
function put(value: unknown, [first, ...rest]: Path, into: unknown): unknown {
  if (first === undefined) return into;
  if (Array.isArray(value)) return value.map((each, index) => (index === first ? put(each, rest, into) : each));
  return { ...Object(value), [first]: put(Reflect.get(Object(value), first), rest, into) };
}
