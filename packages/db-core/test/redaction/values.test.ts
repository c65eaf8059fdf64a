import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../src/index.ts';
import { decodeJson, encodeJson, encodeJsonObject, redactText, requireRedact } from '../../src/internal.ts';
import { SECRETS } from './secret-samples.ts';

const redact = requireRedact(redactSecrets);
const TOKEN = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
const OTHER = ['glpat-', 'a1B2c3D4e5F6g7H8i9J0'].join('');
const AWS = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/');
const GONE = '[redacted: GitHub token]';

describe('a value that becomes JSON', () => {
  const stored = (value: unknown) => decodeJson(encodeJson(value, 'metadata', redact));

  it('loses the secrets in its texts, wherever they stand, and stays what it is', () => {
    const value = {
      plain: TOKEN,
      lines: `tokens:\n${TOKEN}\n${OTHER}\n`,
      tab: `a\t${TOKEN}`,
      name: `TOKEN_${TOKEN}`,
      list: [1, null, true, [`x${'\u2028'}${TOKEN}`]],
      'a "quoted" name': `"${TOKEN}"`,
    };
    expect(stored(value)).toEqual({
      plain: GONE,
      lines: `tokens:\n${GONE}\n[redacted: GitLab token]\n`,
      tab: `a\t${GONE}`,
      name: `TOKEN_${GONE}`,
      list: [1, null, true, [`x${'\u2028'}${GONE}`]],
      'a "quoted" name': `"${GONE}"`,
    });
  });

  it('loses the secrets in the names of its properties, and none of its values', () => {
    expect(stored({ [TOKEN]: 1, [TOKEN.replace('a1', 'b2')]: 2, [GONE]: 3, plain: { [OTHER]: 4 } })).toEqual({
      [`${GONE} 2`]: 1,
      [`${GONE} 3`]: 2,
      [GONE]: 3,
      plain: { '[redacted: GitLab token]': 4 },
    });
  });

  it('loses a secret that the name of its property gives away', () => {
    const value = { aws_secret_access_key: AWS, headers: { Authorization: 'Basic bWU6aHVudGVyMg==' }, note: AWS };
    expect(stored(value)).toEqual({
      aws_secret_access_key: '[redacted: AWS secret key]',
      headers: { Authorization: 'Basic [redacted: password]' },
      note: AWS,
    });
  });

  it('loses what only its own toJSON, a getter or a wrapper brings out', () => {
    const value = {
      made: { toJSON: () => ({ deep: TOKEN }) },
      get got() {
        return TOKEN;
      },
      wrapped: Object(TOKEN),
      at: new Date(0),
    };
    expect(stored(value)).toEqual({ made: { deep: GONE }, got: GONE, wrapped: GONE, at: '1970-01-01T00:00:00.000Z' });
  });

  it('keeps a header of a private key without its lines, and what stands beside it', () => {
    const header = ['-----BEGIN RSA PRIVATE', ' KEY-----'].join('');
    const value = { a: `starts with ${header} as usual`, b: 'kept', c: [{ text: header }] };
    expect(stored(value)).toEqual(value);
  });

  it('is refused as without redaction, where JSON can not hold it', () => {
    const cycle: Record<string, unknown> = {};
    cycle[TOKEN] = cycle;
    for (const value of [cycle, { n: Number.NaN }, { n: 1n }, () => 1, { toJSON: () => Number.POSITIVE_INFINITY }]) {
      expect(() => encodeJson(value, 'metadata', redact)).toThrow(/Invalid metadata/);
    }
    expect(encodeJsonObject(undefined, 'metadata', redact)).toBeNull();
  });

  it('holds no secret and nothing new, whatever it is made of', () => {
    const secret = fc.constantFrom(...SECRETS.map(([, text]) => text));
    const text = fc.oneof(
      secret,
      fc.tuple(fc.string(), secret, fc.string()).map((parts) => parts.join('\n')),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.jsonValue(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(text, fc.string()), tie('any'), { maxKeys: 3 }),
        tie('any').map((inner) => JSON.stringify(inner)),
      ),
    })).any;
    fc.assert(
      fc.property(value, (given) => {
        const json = encodeJson(given ?? null, 'metadata', redact);
        for (const [, each] of SECRETS) expect(json.includes(each)).toBe(false);
        expect(encodeJson(decodeJson(json), 'metadata', redact)).toBe(json);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a text that holds JSON', () => {
  it.each<[string, unknown]>([
    ['the output of a tool', { out: `line\n${TOKEN}` }],
    ['a name of a property', { [TOKEN]: TOKEN }],
    ['a list', [[TOKEN], `\t${TOKEN}`]],
    ['a text', `"${TOKEN}"`],
    ['JSON in JSON', { out: JSON.stringify({ out: JSON.stringify({ deep: `\n${TOKEN}` }) }) }],
    ['a secret that its name gives away', { aws_secret_access_key: AWS, key: `\n${AWS}` }],
  ])('stays JSON, without its secrets: %s', (_, value) => {
    const redacted = redact(JSON.stringify(value));
    expect(redacted).not.toMatch(/ghp_/);
    expect(JSON.parse(redacted)).toEqual(JSON.parse(encodeJson(value, 'value', redact)));
    expect(redact(JSON.stringify(value, undefined, 2))).toBe(JSON.stringify(JSON.parse(redacted), undefined, 2));
  });

  it('stays as it was written but for its secrets', () => {
    const text = (token: string) =>
      `{ "big": 12345678901234567890, "e": 1.0, "a":\n"x\\u0041", "a": "${token}", "\\/": 1 }`;
    expect(redact(text(TOKEN))).toBe(text(GONE));
  });

  it.each([
    ['cut off', `{"out":"line\\n${TOKEN}`, `{"out":"line\\n${GONE}`],
    ['on several lines', `{"a":"\\n${TOKEN}"}\n{"b":2}`, `{"a":"\\n${GONE}"}\n{"b":2}`],
    ['in code', `const a = "x\\n${TOKEN}" + 'y\\n${TOKEN}';`, `const a = "x\\n${GONE}" + 'y\\n${GONE}';`],
    ['with slashes escaped', '"postgres:\\/\\/me:hunter2@db"', '"postgres://me:[redacted: password]@db"'],
    ['written in code points', `["\\u0067hp_${TOKEN.slice(4)}"]`, `["${GONE}"]`],
  ])('loses its secrets where it is %s', (_, text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it('takes a time that grows with it alone', () => {
    for (const unit of ['"', '\\"', '"\\', '{"a":"\\n"}', '["', '"a":', '{"', '"\\\\"', `"\\n${TOKEN}",`]) {
      expect(redact(unit.repeat(500_000 / unit.length))).not.toContain(TOKEN);
    }
    let nested = TOKEN;
    for (let depth = 0; depth < 16; depth++) nested = JSON.stringify([nested]);
    expect(redact(nested)).not.toContain(TOKEN);
    expect(redact(`${'['.repeat(50_000)}"${TOKEN}"`)).not.toContain(TOKEN);
  });
});

describe('a function of the caller', () => {
  it('sees what stands in JSON as it is', () => {
    const hush = requireRedact((text) => text.replace(/^hush$/m, '***'));
    expect(hush('{"a":["hush"],"b":"say\\nhush"}')).toBe('{"a":["***"],"b":"say\\n***"}');
  });

  it('is refused where it is none, or returns no text', () => {
    const none: unknown = 'redactSecrets';
    expect(() => requireRedact(none as never)).toThrow(/Invalid redact/);
    expect(() => requireRedact(() => 1 as never)('x')).toThrow(
      /Invalid redact: expected a function that returns a string/,
    );
  });

  it('tells nothing of the text where it fails', () => {
    const failing = requireRedact((text) => {
      throw new Error(`can't redact ${text}`);
    });
    for (const call of [() => failing('hush'), () => encodeJson({ hush: 'hush' }, 'metadata', failing)]) {
      expect(call).toThrow(/Invalid redact/);
      expect(call).not.toThrow(/hush/);
    }
  });

  it('is not needed', () => {
    expect([redactText(TOKEN, undefined), redactText(null, redact), redactText(TOKEN, redact)]).toEqual([
      TOKEN,
      null,
      GONE,
    ]);
    expect(encodeJson({ a: TOKEN }, 'metadata')).toBe(JSON.stringify({ a: TOKEN }));
  });
});
