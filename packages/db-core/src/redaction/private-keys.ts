import { mark, type SecretFormat } from './secret-format.ts';

const HEADER = '-{4,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}';
const FOOTER = '-{4,5} ?END [A-Z0-9 ]{0,60}-{4,5}';

/** The separators between the lines of a key: ends of lines, real or escaped, and what quotes or indents them. */
const BETWEEN = String.raw`(?:[\s"'>|#*+]|\\+[rnt"']|\\+u000[adAD])`;
const GAP = `${BETWEEN}{0,40}`;

/** The headers of a key before its lines, such as `Proc-Type: 4,ENCRYPTED`. */
const ABOUT = String.raw`(?:[A-Z][A-Za-z-]{2,30}: [^\n\\]{1,200}(?=[\n\\])${GAP}){0,8}`;

/** No word looks like the beginning of a key, which has capitals and digits anywhere. */
const BEGINS = '(?=[A-Za-z0-9+/]{1,30}[A-Z0-9])';

const LINE = '[A-Za-z0-9+/=]';

/** The last lines may be short. Where nothing ends them, they must be no words of a sentence. */
const LAST_LINES = `(?:(?:${BETWEEN}{1,40}${LINE}{1,76}){0,2}${GAP}${FOOTER})`;
const LAST_LINE = String.raw`(?:(?: |\r?\n|(?:\\+r)?\\+n)[ \t"'>|#*]{0,20}${LINE}{1,76}(?![\w ,.;:!?']))`;

/**
 * Private keys in PEM (RFC 7468), OpenPGP's armor (RFC 9580), and those of SSH and PuTTY. The lines of a key are known by
 * what they are made of, so that a key without its end is found, and takes no more than its own lines with it: a header
 * alone, in a sentence about keys, is none.
 */
export const PRIVATE_KEY_FORMATS: readonly SecretFormat[] = [
  {
    keywords: ['private key'],
    expression: new RegExp(
      `${HEADER}${GAP}${ABOUT}${BEGINS}${LINE}{16,}(?:${GAP}${LINE}{16,})*(?:${LAST_LINES}|${LAST_LINE})?`,
      'g',
    ),
    replacement: mark('private key'),
  },
  {
    keywords: ['putty-user-key-file'],
    expression: new RegExp(
      String.raw`(Private-Lines: [0-9]{1,3}\s{1,3})${LINE}{16,}(?:\s{1,3}${LINE}{4,}(?![\w-]))*`,
      'g',
    ),
    replacement: `$1${mark('private key')}`,
  },
];
