import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../src/index.ts';
import { prepareRedaction } from '../src/internal.ts';
import { temporaryDatabase } from '../src/testing/index.ts';

// Put together here, so that no scanner takes this file for a leak.
const made = (...parts: string[]) => parts.join('');
const A36 = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  [
    'private key',
    made('-----BEGIN RSA PRIVATE', ' KEY-----\nMIIEpAIBAAKCAQEA\nabc+/=\n-----END RSA PRIVATE', ' KEY-----'),
  ],
  ['AWS access key', made('AKIA', 'IOSFODNN7EXAMPLE')],
  ['GitHub token', made('ghp_', A36)],
  ['GitHub token', made('github_pat_', A36, '_', A36)],
  ['GitLab token', made('glpat-', A36.slice(0, 20))],
  ['Anthropic key', made('sk-ant-', 'api03-', A36)],
  ['OpenAI key', made('sk-', 'proj-', A36)],
  ['xAI key', made('xai-', A36)],
  ['Google key', made('AIza', A36.slice(0, 35))],
  ['Hugging Face token', made('hf_', A36)],
  ['Slack token', made('xoxb-', '123456789012-', A36)],
  ['Stripe key', made('sk_live_', A36)],
  ['npm token', made('npm_', A36)],
  ['JSON Web Token', made('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0', '.dozjgNryP4J3jVmNHl0w')],
];

describe('secrets', () => {
  it.each(SECRETS)('go if a well-known issuer made them: %s', (kind, secret) => {
    expect(redactSecrets(`Use ${secret} for now`)).toBe(`Use [redacted: ${kind}] for now`);
    expect(redactSecrets(JSON.stringify({ key: secret }))).toBe(JSON.stringify({ key: `[redacted: ${kind}]` }));
  });

  it('go from URLs, whose rest stays', () => {
    const url = made('postgres://shop:', 'hunter2@', 'db.example.com:5432/shop');
    expect(redactSecrets(`DATABASE_URL=${url}`)).toBe(
      'DATABASE_URL=postgres://shop:[redacted: password]@db.example.com:5432/shop',
    );
  });

  it.each([
    'risk-averse people ask-questions-later about task-force-management-software',
    'the file src/sk-learn.ts and https://example.com:8080/path?user=a@b.example',
    'AKIA is a prefix, ghp_ as well',
    'const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";',
  ])('are not seen where there are none: %s', (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it('are gone wherever they stand, and redacting again changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...SECRETS), fc.string(), (before, [, secret], after) => {
        const redacted = redactSecrets(`${before} ${secret} ${after}`);
        expect(redacted).not.toContain(secret);
        expect(redactSecrets(redacted)).toBe(redacted);
      }),
    );
  });
});

describe('a connection', () => {
  it('takes out what it is told to, and full text follows', async () => {
    using database = await temporaryDatabase({ redact: (text) => text.replaceAll('hushHush', '***') });
    const redact = prepareRedaction(database.db, ['content', 'metadata']);
    const row = {
      id: 'hushHush',
      content: 'say hushHush',
      identifiers: 'hush',
      metadata: '{"a":"hushHush"}',
      tokens: 3,
    };
    expect(redact(row)).toEqual({
      id: 'hushHush',
      content: 'say ***',
      identifiers: null,
      metadata: '{"a":"***"}',
      tokens: 3,
    });
  });

  it('changes nothing where nothing was asked for', async () => {
    using database = await temporaryDatabase();
    const row = { content: SECRETS[1]?.[1] ?? '' };
    expect(prepareRedaction(database.db, ['content'])(row)).toBe(row);
  });
});
