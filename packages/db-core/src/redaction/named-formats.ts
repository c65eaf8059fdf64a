import { assigned, mark, type SecretFormat } from './secret-format.ts';

/** A value that looks made by chance: of some length, with a digit near its beginning, and no call or path of a program. */
const RANDOM = String.raw`(?=[A-Za-z_-]{0,80}[0-9])[\w-]{20,400}(?![\w(.-])`;

/** Secrets without a form of their own, which the name before them gives away. */
export const NAMED_FORMATS: readonly SecretFormat[] = [
  assigned(
    'AWS secret key',
    '(?:aws_?)?secret_?access_?key|aws_?secret_?key',
    String.raw`(?:[A-Za-z0-9+]|\\?\/){40,60}(?![A-Za-z0-9/+=])`,
    ['secret_access_key', 'secretaccesskey', 'aws_secret', 'awssecret'],
  ),
  assigned('Azure key', 'AccountKey|SharedAccessKey', '[A-Za-z0-9+/]{40,100}={0,2}', ['accountkey', 'sharedaccesskey']),
  assigned('WireGuard key', 'PrivateKey|PresharedKey', '[A-Za-z0-9+/]{43}=', ['privatekey', 'presharedkey']),
  assigned('npm token', '_authToken|_password', String.raw`[\w+/=-]{16,400}`, ['_authtoken', '_password']),
  assigned('API key', 'api[_-]?key|apikey', RANDOM, ['api_key', 'api-key', 'apikey']),
  assigned('token', '(?:access|auth|refresh|bearer)[_-]?token', RANDOM, [
    '_token',
    '-token',
    'accesstoken',
    'authtoken',
    'refreshtoken',
    'bearertoken',
  ]),
  assigned('client secret', 'client[_-]?secret', RANDOM, ['client_secret', 'client-secret', 'clientsecret']),
  {
    keywords: ['basic '],
    expression: /(authorization["'\\]{0,6}\s{0,5}[:=]\s{0,5}["'\\]{0,6}basic\s{1,3})[A-Za-z0-9+/]{8,1000}={0,2}/gi,
    replacement: `$1${mark('password')}`,
  },
  {
    keywords: ['bearer'],
    // Prose speaks of bearer tokens as well: a token has a dozen letters and digits in a row, or very many letters.
    expression:
      /\b(bearer["'\\]{0,6}(?:\s{1,3}|%20))(?:(?=(?:[\w.~+/-]{0,100}[.~+/-])?(?=[A-Za-z_]{0,60}[0-9])\w{12})[\w.~+/-]{16,4000}|[A-Za-z0-9]{32,4000})={0,2}/gi,
    replacement: `$1${mark('token')}`,
  },
];

/** Secrets in addresses. */
export const URL_FORMATS: readonly SecretFormat[] = [
  {
    keywords: ['api.telegram.org'],
    expression: /(api\.telegram\.org\\?\/(?:file\\?\/)?bot)[0-9]{5,16}:[\w-]{30,40}/g,
    replacement: `$1${mark('Telegram token')}`,
  },
  {
    keywords: ['hooks.slack.com'],
    expression: /(hooks\.slack\.com\\?\/(?:services|workflows|triggers)\\?\/)[\w/\\-]{20,200}/g,
    replacement: `$1${mark('Slack webhook')}`,
  },
  {
    keywords: ['/webhooks'],
    expression: /(discord(?:app)?\.com\\?\/api\\?\/(?:v[0-9]{1,2}\\?\/)?webhooks\\?\/[0-9]{17,20}\\?\/)[\w-]{60,90}/g,
    replacement: `$1${mark('Discord webhook')}`,
  },
  {
    keywords: ['token=', 'secret=', 'key=', 'password=', 'passwd=', 'sig=', 'signature='],
    expression:
      /([?&](?:access_token|refresh_token|id_token|client_secret|api[_-]?key|auth_token|password|passwd|sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature)=)(?![[{$<])[^\s&#"'<>\\`)]{8,4000}/gi,
    replacement: `$1${mark('token')}`,
  },
  {
    keywords: [':/', ':\\/'],
    // A port is no password, and what a program puts in place of one is none either.
    expression:
      /\b([a-z][a-z0-9+.-]{1,20}:\\?\/\\?\/[^\s/:@"'\\]{0,100}):(?![0-9]{1,5}(?:[/?#]|$))(?![${<*])[^\s/@"'\\]{1,200}@/gi,
    replacement: `$1:${mark('password')}@`,
  },
];
