/** A kind of secret, and how its texts look. Each expression takes time in proportion to the text. */
export interface SecretFormat {
  /**
   * Lower-case texts, of which every secret of this kind has one, for a quick look whether the expression can find anything.
   * If there are none, it is always tried.
   */
  readonly keywords: readonly string[];
  readonly expression: RegExp;
  /** As `String.replace` takes it. */
  readonly replacement: string;
}

/**
 * Where a token may begin: after anything but a letter or a digit, and after letters that stand for something else: an escape
 * sequence such as `\n`, a percent-encoded byte, the colour of a terminal.
 */
const START = String.raw`(?:^|[^A-Za-z0-9]|\\[abefnrtv0]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2}|\[[0-9;]{0,12}m)`;

/** The separators between a name and its value, in a shell, in JSON, in YAML, in code, quoted or escaped. */
const ASSIGNS = String.raw`["'\\]{0,6}\s{0,5}(?:=>|:=|[:=])\s{0,5}["'\\]{0,6}`;

/** The end of a token of fixed length. */
export const END = '(?![A-Za-z0-9])';

/** The text that replaces a secret. */
export function mark(kind: string): string {
  return `[redacted: ${kind}]`;
}

/**
 * A token that is known by how it begins.
 *
 * @param prefix - an expression; the place where it begins is looked at once it is found, which is much faster
 * @param keywords - default: the prefix, which then must be a plain text
 */
export function token(kind: string, prefix: string, body: string, keywords = [prefix]): SecretFormat {
  return {
    keywords: keywords.map((keyword) => keyword.toLowerCase()),
    expression: new RegExp(`(?:${prefix})(?<=${START}(?:${prefix}))${body}`, 'g'),
    replacement: mark(kind),
  };
}

/** A value that is known by the name it is assigned to; the name stays. */
export function assigned(kind: string, names: string, value: string, keywords: readonly string[]): SecretFormat {
  return {
    keywords,
    expression: new RegExp(`((?:${names})${ASSIGNS})${value}`, 'gi'),
    replacement: `$1${mark(kind)}`,
  };
}
