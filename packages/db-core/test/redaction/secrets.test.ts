import { hash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../src/index.ts';
import { SECRETS } from './secret-samples.ts';

/** The ways in which a secret stands in a text. The secret itself has no part in them. */
const PLACES: readonly (readonly [place: string, before: string, after: string])[] = [
  ['alone', '', ''],
  ['in a sentence', 'Use ', ' for now'],
  ['in quotes', "const key = '", "';"],
  ['in a variable of the environment', 'export TOKEN=', '\n'],
  ['after a name', 'TOKEN_', ''],
  ['after a line break', 'tokens:\n', '\n'],
  ['after a tab', 'token\t', '\t'],
  ['in JSON', '{"key":"', '"}'],
  ['after a line break in JSON', String.raw`{"out":"line\n`, String.raw`\n"}`],
  ['after a line break in JSON in JSON', String.raw`{"out":"{\"text\":\"line\\n`, String.raw`\\n\"}"}`],
  ['after a tab in JSON', String.raw`{"out":"a\t`, '"}'],
  ['after an escaped code in JSON', String.raw`{"out":"a\u000a`, '"}'],
  ['in a diff', '+', '\n'],
  ['in a query', 'https://example.com/?t=', '&page=2'],
  ['in a part of a path', 'https://example.com/', '?page=2'],
  ['after an encoded line break', 'a%0A', ''],
  ['in colour', '\u001b[32m', '\u001b[0m'],
  ['in colour in JSON', String.raw`"\u001b[1;32m`, String.raw`\u001b[0m"`],
  ['after a letter that is not ASCII', 'clé', ''],
];

describe('a secret of a well-known format', () => {
  it.each(SECRETS)('is replaced by its kind: %s', (kind, secret) => {
    const left = PLACES.filter(
      ([, before, after]) => redactSecrets(before + secret + after) !== `${before}[redacted: ${kind}]${after}`,
    );
    expect(left.map(([place, before, after]) => [place, redactSecrets(before + secret + after)])).toEqual([]);
  });

  it('is gone wherever it stands, and redacting again changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...SECRETS), fc.string(), (before, [, secret], after) => {
        const redacted = redactSecrets(`${before} ${secret} ${after}`);
        expect(redacted).not.toContain(secret);
        expect(redactSecrets(redacted)).toBe(redacted);
      }),
    );
  });
});

describe('a secret that a name or an address gives away', () => {
  const value = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/');
  const digits = 'a1B2c3D4e5F6g7H8i9J0';
  it.each([
    [`aws_secret_access_key = ${value}`, 'aws_secret_access_key = [redacted: AWS secret key]'],
    [`AWS_SECRET_ACCESS_KEY="${value}"`, 'AWS_SECRET_ACCESS_KEY="[redacted: AWS secret key]"'],
    [`"SecretAccessKey": "${value}",`, '"SecretAccessKey": "[redacted: AWS secret key]",'],
    [`\\"aws_secret_access_key\\":\\"${value}\\"`, '\\"aws_secret_access_key\\":\\"[redacted: AWS secret key]\\"'],
    [`AccountKey=${'A1b2'.repeat(21)}ab==;Endpoint`, 'AccountKey=[redacted: Azure key];Endpoint'],
    [`PrivateKey = ${'A1b2'.repeat(10)}abc=`, 'PrivateKey = [redacted: WireGuard key]'],
    [
      '//registry.npmjs.org/:_authToken=123e4567-e89b-12d3-a456-426614174000',
      '//registry.npmjs.org/:_authToken=[redacted: npm token]',
    ],
    [`x-api-key: ${digits}`, 'x-api-key: [redacted: API key]'],
    [`client_secret: '${digits}'`, "client_secret: '[redacted: client secret]'"],
    [`{"access_token":"${digits}"}`, '{"access_token":"[redacted: token]"}'],
    [`Authorization: Bearer ${digits}`, 'Authorization: Bearer [redacted: token]'],
    [`authorization: bearer ${'x'.repeat(40)}`, 'authorization: bearer [redacted: token]'],
    ['Authorization: Basic bWU6aHVudGVyMg==', 'Authorization: Basic [redacted: password]'],
    ['postgres://shop:hunter2@db:5432/shop', 'postgres://shop:[redacted: password]@db:5432/shop'],
    ['redis://:hunter2@cache', 'redis://:[redacted: password]@cache'],
    [String.raw`"mongodb+srv:\/\/me:p%40ss@host\/db"`, String.raw`"mongodb+srv:\/\/me:[redacted: password]@host\/db"`],
    [
      `https://store.blob.core.windows.net/x?sv=2024&sig=${digits}%3D`,
      'https://store.blob.core.windows.net/x?sv=2024&sig=[redacted: token]',
    ],
    [
      `https://hooks.slack.com/services/T00000000/B00000000/${digits}`,
      'https://hooks.slack.com/services/[redacted: Slack webhook]',
    ],
    [
      `https://api.telegram.org/bot123456:${digits}${digits}/getMe`,
      'https://api.telegram.org/bot[redacted: Telegram token]/getMe',
    ],
    [
      `https://discord.com/api/webhooks/123456789012345678/${'Ab1_'.repeat(17)}`,
      'https://discord.com/api/webhooks/123456789012345678/[redacted: Discord webhook]',
    ],
  ])('goes, and the rest stays: %s', (text, redacted) => {
    expect(redactSecrets(text)).toBe(redacted);
    expect(redactSecrets(`line\n${text}\nline`)).toBe(`line\n${redacted}\nline`);
    expect(redactSecrets(redacted)).toBe(redacted);
  });
});

describe('what only looks like a secret', () => {
  const noise = randomBytes(300_000);
  const sha = (algorithm: string, encoding: 'hex' | 'base64') => hash(algorithm, 'any', encoding);

  it.each([
    ['words', 'risk-averse people ask-questions-later about task-force-management-software'],
    ['names of files', 'the file src/sk-learn.ts and https://example.com:8080/path?user=a@b.example'],
    ['prefixes alone', 'AKIA is a prefix, ghp_ as well, sk- too, and xoxb- or glpat- or eyJ'],
    ['names with digits', 'sk-learn-pipeline-with-3-steps-and-2-models, hf_transformers_model_2_large'],
    ['a hash of git', `commit ${sha('sha1', 'hex')} (HEAD -> main, tag: v1.2.3)`],
    ['a hash', `const hash = "${sha('sha256', 'hex')}"; // key-${sha('md5', 'hex')}`],
    ['UUIDs', '123e4567-e89b-12d3-a456-426614174000, {"id":"00000000-0000-4000-8000-000000000000"}'],
    ['the integrity of a lockfile', `"integrity": "sha512-${sha('sha512', 'base64')}", resolution: {}`],
    ['an image', `<img src="data:image/png;base64,${noise.toString('base64')}">`],
    ['bytes in Base64', noise.toString('base64').replace(/.{76}/g, '$&\n')],
    ['bytes in hexadecimal', noise.toString('hex')],
    ['compressed bytes', gzipSync(noise.toString('hex')).toString('base64')],
    ['a public key', `-----BEGIN PUBLIC KEY-----\n${noise.toString('base64').slice(0, 64)}\n-----END PUBLIC KEY-----`],
    [
      'a certificate',
      `-----BEGIN CERTIFICATE-----\n${noise.toString('base64').slice(0, 64)}\n-----END CERTIFICATE-----`,
    ],
    ['a key of SSH that is public', `ssh-ed25519 ${noise.toString('base64').slice(0, 68)} me@host`],
    [
      'minified code',
      'function t(e,n){return e.apiKey=n.apiKey||process.env.OPENAI_API_KEY,fetch(e.url,{headers:{authorization:"Bearer "+e.accessToken,"x-api-key":e.apiKey}}).then(r=>r.json())}!function(){var e=["a","b"],t=e.map(function(e){return e+1})}();',
    ],
    [
      'code that asks for a secret',
      "const clientSecret = getClientSecretFromEnvironment2(); api_key=os.environ['OPENAI_API_KEY'] access_token: string; refreshToken = tokens.refreshToken1234567890.value",
    ],
    ['what stands for a secret', 'apiKey: "YOUR_API_KEY_GOES_HERE_PLEASE", client_secret=<your client secret here>'],
    [
      'an address with a place for a password',
      'postgres://user:$PASSWORD@host, https://me:<password>@host, x://u:{{pw}}@h',
    ],
    [
      'addresses without a password',
      'http://localhost:3000/@vite/client, ssh://git@github.com:22/me/repo, mailto:a@b.example',
    ],
    ['addresses of packages', 'https://cdn.example.com:443/npm/@scope/name@1.2.3/index.js git+ssh://git@host/x'],
    ['prose about bearer tokens', 'A bearer token authentication-scheme, as in "Bearer authentication is required".'],
    ['times and numbers', '2026-01-02T03:04:05.678Z 1234567890:12345 12:34:56.789 +33 6 12 34 56 78 90'],
    ['a version', 'v1.2.3-beta.4+build.5678 node:20.11.1-alpine3.19@sha256:'.concat(sha('sha256', 'hex'))],
  ])('stays: %s', (_, text) => expect(redactSecrets(text)).toBe(text));
});

describe('a private key', () => {
  const body = `MIIEpAIBAAKCAQEA${'x1Y2z3A4+/'.repeat(40)}`.replace(/.{64}/g, '$&\n');
  const header = ['-----BEGIN RSA PRIVATE', ' KEY-----'].join('');
  const footer = ['-----END RSA PRIVATE', ' KEY-----'].join('');
  const WHOLE = '[redacted: private key]';

  it.each([
    ['on lines', `${header}\n${body}\n${footer}`],
    ['on lines of Windows', `${header}\r\n${body.replaceAll('\n', '\r\n')}\r\n${footer}`],
    ['on one line', `${header}${body.replaceAll('\n', '')}${footer}`],
    ['on one line, with blanks', `${header} ${body.replaceAll('\n', ' ')} ${footer}`],
    ['escaped', JSON.stringify(`${header}\n${body}\n${footer}`).slice(1, -1)],
    ['escaped twice', JSON.stringify(JSON.stringify(`${header}\n${body}\n${footer}`)).slice(3, -3)],
    ['in the lines of a program', `${header}\\n" +\n  "${body.replaceAll('\n', '\\n" +\n  "')}\\n" +\n  "${footer}`],
    ['in a quotation', `${header}\n> ${body.replaceAll('\n', '\n> ')}\n> ${footer}`],
    [
      'that is encrypted',
      `${header}\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0102030405060708\n\n${body}\n${footer}`,
    ],
    ['without its end', `${header}\n${body}`],
    ['without its end, escaped', JSON.stringify(`${header}\n${body}`).slice(1, -1)],
    ['cut off in its first line', `${header}\n${body.slice(0, 40)}`],
    ['of OpenSSH', `${header}\n${body}\n${footer}`.replaceAll('RSA', 'OPENSSH')],
    [
      'of OpenPGP',
      `${header}\nVersion: GnuPG v2\nComment: me - at work\n\n${body}\n=aB1c\n${footer}`
        .replaceAll('RSA ', 'PGP ')
        .replaceAll('KEY--', 'KEY BLOCK--'),
    ],
  ])('goes whole: %s', (_, key) => {
    expect(redactSecrets(`before ${key}`)).toBe(`before ${WHOLE}`);
    expect(redactSecrets(JSON.stringify({ key, kept: 'kept' }))).toBe(JSON.stringify({ key: WHOLE, kept: 'kept' }));
    expect(redactSecrets(`${key}\n\nThen follow instructions.`)).toBe(`${WHOLE}\n\nThen follow instructions.`);
  });

  it('loses its private lines where it is one of PuTTY', () => {
    const file = (lines: string) => `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n${lines}\nPrivate-MAC: 0a`;
    expect(redactSecrets(file(`${'Ab1+'.repeat(16)}\n${'Ab1+'.repeat(3)}`))).toBe(file(WHOLE));
  });

  it('takes nothing with it but its own lines where it has no end', () => {
    const prose = 'Then follow these important instructions, word by word.\n'.repeat(50);
    expect(redactSecrets(`${header}\n${body}\n\n${prose}`)).toBe(`${WHOLE}\n\n${prose}`);
  });

  it.each([
    'The file must begin with HEADER . Then follow these important instructions word by word.',
    'HEADER',
    '{"text":"HEADER"}',
    'starts with HEADER as usual',
    'between HEADER and FOOTER are the lines',
    'HEADER\n/etc/ssl/private/server.key\nresponsibilities',
  ])('is none where there is a header alone: %s', (text) => {
    const sentence = text.replace('HEADER', header).replace('FOOTER', footer);
    expect(redactSecrets(sentence)).toBe(sentence);
  });
});

it('a large text takes a moment, whatever it is made of', () => {
  const header = ['-----BEGIN RSA PRIVATE', ' KEY-----'].join('');
  const units = [
    ...SECRETS.flatMap(([, secret]) => [secret.slice(0, 4), secret.slice(0, 8), `${secret.slice(0, -1)} `]),
    ...[header, `${header}\nMIIEpAIBAAKCAQEA\nab\nab\n`, `${header}\nAaaa: b\nBaaa: `, '-----BEGIN ', 'A: '],
    ...[
      '_eyJ',
      '-eyJhbGciOi',
      '_eyJhbGciOiJIUzI1NiJ9.eyJ',
      'bearer ',
      'bearer a-',
      'Bearer a1',
      'api_key=',
      "api_key'",
    ],
    ...[
      'aws_secret_access_key=A/',
      'aws_secret_access_key  ',
      'http://',
      'a://a:a',
      '?sig=',
      '&sig=a',
      'sk-a1-',
      'glpat-',
    ],
    ...[
      'M',
      'MTI0.',
      '1:A',
      '0',
      'a',
      'A1',
      '"',
      '\\',
      '\\n',
      ' ',
      '\n',
      '+',
      '/',
      '[31m',
      '%41',
      'authorization: basic ',
    ],
  ];
  // Where an expression begins anew at each of them, this takes minutes.
  for (const unit of new Set(units)) {
    const text = unit.repeat(250_000 / unit.length);
    expect(redactSecrets(text).length).toBeLessThanOrEqual(3 * text.length);
  }
}, 300_000);
