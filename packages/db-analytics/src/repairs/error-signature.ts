import { stripVTControlCharacters } from 'node:util';
import { requireStringOrEmpty } from '@codebuddy/db-core/internal';

/** One rule: what it finds is replaced by a word that stands for it. */
interface Rule {
  readonly finds: RegExp;
  readonly becomes: string;
}

/**
 * Each takes time that grows with the text alone: none can begin again in the middle of what it has just passed over.
 * In this order: what is quoted first, since it may hold anything; then places; then numbers. The texts are those of
 * tsc, ESLint, Vitest, Jest, Node.js, pytest, cargo and go.
 */
const RULES: readonly Rule[] = [
  // pytest and Vitest print the frame of the code; the message is what counts.
  { finds: /^[^\S\n]*(?:at |File "|-->|\d+ \||❯ ).*$/gm, becomes: '' },
  // Web addresses and files: absolute, relative, of Windows, with or without a line and a column.
  { finds: /\b(?:https?|file|node):\/{0,2}[^\s'"`)]+/g, becomes: '<url>' },
  {
    finds:
      /(?:[A-Za-z]:\\|\.{0,2}\/|(?<![\w.@-])[\w.@-]+[/\\])[\w.@~+-]+(?:[/\\][\w.@~+-]+)*(?::\d+(?::\d+)?|\(\d+,\d+\))?/g,
    becomes: '<path>',
  },
  {
    finds:
      /(?<![\w-])[\w-]+\.(?:[cm]?[jt]sx?|py|rs|go|java|json|toml|ya?ml|css|html|md|rb|php|c|h|cpp)\b(?::\d+(?::\d+)?|\(\d+,\d+\))?/g,
    becomes: '<path>',
  },
  // Names in quotes: of Rust and Markdown, of TypeScript and Python, in typographic quotes.
  { finds: /`[^`\n]*`/g, becomes: '<name>' },
  { finds: /(?<![A-Za-z])'[^'\n]*'/g, becomes: '<name>' },
  { finds: /"[^"\n]*"/g, becomes: '<name>' },
  { finds: /[‘“][^‘’“”\n]*[’”]/g, becomes: '<name>' },
  // Places that are left: "line 12", "12:5".
  { finds: /\b(?:line|ln|column|col|position|offset)s? \d+\b/gi, becomes: '<place>' },
  { finds: /(?<![\w.])\d+:\d+\b/g, becomes: '<place>' },
  { finds: /\b0x[0-9a-f]+\b/gi, becomes: '<number>' },
  { finds: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, becomes: '<id>' },
  { finds: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?\b/g, becomes: '<time>' },
  // Numbers that stand alone: those of error codes, such as TS2322 or E0308, are part of a word and stay.
  { finds: /(?<![\w<.-])-?\d+(?:[.,]\d+)*(?:\s?(?:ms|s|kb|mb|bytes))?\b/gi, becomes: '<number>' },
];

const LONGEST = 500;

/**
 * Reduces an error message to what it has in common with others of its kind: paths, lines, quoted names and numbers that stand
 * alone become placeholders, codes such as `TS2322` stay. Messages with one signature are repaired in the same ways.
 *
 * It serves to recognise an error, not to keep anything secret: a name without quotes, an e-mail address, a date, a path with
 * blanks or a password stays. `PersistentLearning` takes secrets out before, if the connection redacts them.
 *
 * @example
 * ```ts
 * errorSignature("src/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.");
 * // '<path>: error TS2322: Type <name> is not assignable to type <name>.'
 * ```
 */
export function errorSignature(message: string): string {
  let signature = stripVTControlCharacters(requireStringOrEmpty(message, 'message').toWellFormed());
  for (const { finds, becomes } of RULES) signature = signature.replace(finds, becomes);
  return signature.replace(/\s+/g, ' ').trim().slice(0, LONGEST);
}
