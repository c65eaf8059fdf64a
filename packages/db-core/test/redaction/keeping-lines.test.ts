import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../src/index.ts';
import { keepingLines, requireRedact } from '../../src/internal.ts';
import { SECRETS } from './secret-samples.ts';

const redact = keepingLines(requireRedact(redactSecrets));
const KEY = [
  ['-----BEGIN RSA PRIVATE', ' KEY-----'].join(''),
  ...Array.from({ length: 25 }, (_, line) => `MIIEpAIBAAKCAQEA${line}`.padEnd(64, 'x1Y2z3A4')),
  ['-----END RSA PRIVATE', ' KEY-----'].join(''),
].join('\n');
const MARK = '[redacted: private key]';
const GONE = MARK + '\n'.repeat(26);

describe('redaction that keeps lines', () => {
  it.each([
    [
      'in the middle',
      `const key = \`\n${KEY}\`;\n\nnext();\n`,
      `const key = \`\n${MARK}\`;${'\n'.repeat(28)}next();\n`,
    ],
    ['alone', KEY, GONE],
    ['twice', `a\n${KEY}\nb\n${KEY}\nc`, `a\n${GONE}\nb\n${GONE}\nc`],
    ['beside blank lines', `\n\n${KEY}\n\n\nb\n\n`, `\n\n${GONE}\n\n\nb\n\n`],
    ['without its end', `a\n${KEY.slice(0, KEY.lastIndexOf('\n'))}\n\nb`, `a\n${MARK}${'\n'.repeat(27)}b`],
  ])('leaves blank lines for those of a private key: %s', (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('changes nothing else', () => {
    expect(redact('a\r\nb\n\n')).toBe('a\r\nb\n\n');
    expect(redact('')).toBe('');
  });

  it('keeps the number of lines, and every line without a secret, of any text and any function', () => {
    const part = fc.oneof(
      fc.string().map((text) => text.replaceAll('\n', '')),
      fc.constant(''),
      fc.constant(KEY),
      fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
    );
    const cutting = keepingLines((text) => text.replace(/a\n*b/g, '').replaceAll('c', '\n\n'));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const lines = parts.join('\n').split('\n');
        const redacted = redact(lines.join('\n')).split('\n');
        expect(redacted).toHaveLength(lines.length);
        for (const [index, line] of lines.entries()) {
          const isKey = KEY.includes(line) && line.length > 10;
          if (!isKey && redactSecrets(line) === line && line.length > 0) expect(redacted[index]).toBe(line);
        }
        expect(cutting(lines.join('\n')).split('\n')).toHaveLength(lines.length);
      }),
      { numRuns: 300 },
    );
  });
});
