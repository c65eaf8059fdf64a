import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../src/index.ts';
import {
  cosineSimilarity,
  decodeJson,
  decodeJsonObject,
  decodeVector,
  encodeJson,
  encodeVector,
  formatTimestamp,
  isCalendarDate,
  normalizeTimestamp,
  packContent,
  parseTimestamp,
  unpackContent,
} from '../src/internal.ts';
import { temporaryDatabase } from '../src/testing/index.ts';

describe('JSON columns', () => {
  const halves = ['\ud83d', 'a\udc00b', '\ud83d\ud83d\ude00', '\\ud83d', '\\\ud83d', '😀'];

  it.each(halves)('hold well-formed text, also in names of properties (%j)', (text) => {
    const value = { [text]: [text, { deep: text }] };
    const whole = text.toWellFormed();
    expect(JSON.parse(encodeJson(value, 'metadata'))).toEqual({ [whole]: [whole, { deep: whole }] });
  });

  it('hold any value of well-formed texts as JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(encodeJson(value, 'value')).toBe(JSON.stringify(value));
      }),
    );
  });

  it('are what SQLite reads as UTF-8', async () => {
    using database = await temporaryDatabase();
    const json = encodeJson({ '\udc00': '\ud83d' }, 'metadata');
    const row = database.db
      .prepare("SELECT json_patch(?, '{}') AS json, hex(json_patch(?, '{}')) AS bytes")
      .get(json, json);
    expect(row).toEqual({ json: '{"�":"�"}', bytes: Buffer.from('{"�":"�"}').toString('hex').toUpperCase() });
  });

  it.each([
    [1_000, true],
    [1_001, false],
    [5_000, false],
    [100_000, false],
  ])('take %i levels: %s', async (levels, isTaken) => {
    let value: unknown = '[[{"\\"';
    for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
    if (!isTaken) {
      expect(() => encodeJson(value, 'metadata')).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
      return;
    }
    using database = await temporaryDatabase();
    const valid = database.db.prepare('SELECT json_valid(?) AS valid').get(encodeJson(value, 'metadata'));
    expect(valid).toEqual({ valid: 1 });
  });
});

describe('vectors', () => {
  const finite = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 64 });

  it('come back as they went in', () => {
    fc.assert(
      fc.property(finite, (vector) => {
        expect(decodeVector(encodeVector(vector))).toEqual(vector);
      }),
    );
  });

  it('that are views into a larger buffer are stored alone', () => {
    const large = new Float32Array([9, 9, 1, 2, 3, 9]);
    const blob = encodeVector(large.subarray(2, 5));
    expect(blob.byteLength).toBe(12);
    expect(decodeVector(blob)).toEqual(new Float32Array([1, 2, 3]));
  });

  it('are little-endian float32', () => {
    expect([...encodeVector(new Float32Array([1, -2]))]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
  });

  it.each([[[]], [[Number.NaN]], [[1, Number.POSITIVE_INFINITY]]])('are refused when they are %j', (numbers) => {
    expect(() => encodeVector(new Float32Array(numbers))).toThrow(InvalidInputError);
  });

  it('are not read from bytes that are no whole floats', () => {
    expect(decodeVector(new Uint8Array(7))).toBeUndefined();
    expect(decodeVector(new Uint8Array(0))).toBeUndefined();
  });

  it('have a cosine between -1 and 1, 1 with themselves, 0 with a zero vector', () => {
    const pair = fc
      .integer({ min: 1, max: 16 })
      .chain((n) =>
        fc.tuple(
          ...[0, 1].map(() => fc.float32Array({ minLength: n, maxLength: n, min: -1e3, max: 1e3, noNaN: true })),
        ),
      );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        if (a === undefined || b === undefined) return;
        expect(Math.abs(cosineSimilarity(a, b))).toBeLessThanOrEqual(1 + 1e-9);
        expect(cosineSimilarity(a, b)).toBe(cosineSimilarity(b, a));
        const self = cosineSimilarity(a, a);
        expect(self === 0 || Math.abs(self - 1) < 1e-9).toBe(true);
      }),
    );
    expect(cosineSimilarity(new Float32Array([0, 0]), new Float32Array([1, 0]))).toBe(0);
    expect(() => cosineSimilarity(new Float32Array(2), new Float32Array(3))).toThrow(/2 dimensions, got 3/);
  });
});

describe('timestamps', () => {
  it('sort as texts the way they sort as instants', () => {
    const instant = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(formatTimestamp(a) < formatTimestamp(b)).toBe(a < b);
        expect(parseTimestamp(formatTimestamp(a))).toBe(a);
      }),
    );
  });

  it.each([
    ['2026-01-02 03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
  ])('bring %s to %s', (given, stored) => expect(normalizeTimestamp(given)).toBe(stored));

  it.each(['yesterday', '', '2025-02-30', '2025-13-01T00:00:00Z', '2025-01-01T25:00:00Z', '1735689600'])(
    'refuse %j',
    (given) => {
      expect(() => normalizeTimestamp(given, 'created_at')).toThrow(/created_at/);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15])('refuse the instant %d', (instant) => {
    expect(() => formatTimestamp(instant)).toThrow(InvalidInputError);
  });

  it('know the days of the calendar', () => {
    expect(['2024-02-29', '2025-02-29', '2025-02-30', '2025-1-1', 'not-a-date'].map(isCalendarDate)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('JSON', () => {
  it('comes back as it went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = encodeJson(value, 'value');
        expect(encodeJson(decodeJson(text), 'value')).toBe(text);
      }),
    );
  });

  it.each([[undefined], [() => 1], [1n], [{ a: Number.NaN }], [circular()]])(
    'refuses what it cannot hold: %s',
    (value) => {
      expect(() => encodeJson(value, 'metadata')).toThrow(/Invalid metadata/);
    },
  );

  it('that is damaged comes back as text, and never throws', () => {
    expect(decodeJson('{broken')).toEqual({ unparsed: '{broken' });
    expect(decodeJsonObject('[1]')).toEqual({ unparsed: '[1]' });
  });
});

it('contents come back as they went in', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4096 }), (content) => {
      const { encoding, data } = packContent(content);
      expect(data.byteLength).toBeLessThanOrEqual(content.byteLength);
      expect(Buffer.compare(unpackContent(encoding, data), content)).toBe(0);
    }),
  );
});

function circular(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
