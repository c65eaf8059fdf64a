/**
 * One line of an ignore file, as gitignore(5) and git's `wildmatch.c` read it (https://git-scm.com/docs/gitignore). Like git, it
 * compares bytes: paths are given as strings of one character a byte, see {@link bytesOf}.
 */
export interface IgnorePattern {
  /** Whether what it matches is taken back instead of ignored. */
  readonly isNegative: boolean;
  /** Whether it matches folders alone. */
  readonly isForFolders: boolean;
  /** Whether it is compared with the last name of a path alone, at any depth. */
  readonly isForNames: boolean;
  readonly expression: RegExp;
}

/** Writes a text as a string of one character a byte of its UTF-8. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * Reads a line, or returns `undefined` if it is blank, a comment or can match nothing.
 *
 * @param line - in bytes, without its end
 */
export function parseIgnorePattern(line: string, ignoreCase: boolean): IgnorePattern | undefined {
  if (line.startsWith('#')) return undefined;
  let text = withoutTrailingSpaces(line);
  const isNegative = text.startsWith('!');
  if (isNegative) text = text.slice(1);
  const isForFolders = text.endsWith('/');
  if (isForFolders) text = text.slice(0, -1);
  if (text === '') return undefined;
  const isForNames = !text.includes('/');
  const source = toExpression(text.replace(/^\//, ''), isForNames);
  if (source === undefined) return undefined;
  return { isNegative, isForFolders, isForNames, expression: new RegExp(`^${source}$`, ignoreCase ? 'is' : 's') };
}

/** Spaces at the end count only if a backslash stands before them. */
function withoutTrailingSpaces(line: string): string {
  const [kept = ''] = /^(?:\\.|[^\\ ]| +(?! |$)|\\$)*/s.exec(line) ?? [];
  return kept;
}

/** Translates a pattern, or returns `undefined` if it is one that git matches with nothing. */
function toExpression(pattern: string, isForNames: boolean): string | undefined {
  const anyCharacter = isForNames ? '.' : '[^/]';
  let expression = '';
  for (let at = 0; at < pattern.length; ) {
    const character = pattern.charAt(at);
    if (character === '\\') {
      if (at + 1 === pattern.length) return undefined;
      expression += literal(pattern.charAt(at + 1));
      at += 2;
    } else if (character === '?') {
      expression += anyCharacter;
      at++;
    } else if (character === '*') {
      const [stars = ''] = /^\*+/.exec(pattern.slice(at)) ?? [];
      const rest = pattern.slice(at + stars.length);
      // Git compares what stands before the first wildcard by itself, so that `a**/b` begins with `**/` to it.
      const isAtStart = /^[^*?[\\]*$|\/$/.test(pattern.slice(0, at));
      const spansFolders = stars.length > 1 && !isForNames && isAtStart && /^$|^\\?\//.test(rest);
      const skipsSlash = spansFolders && rest.startsWith('/');
      // `**/` stands for no folder too.
      expression += skipsSlash ? '(?:.*/)?' : spansFolders || isForNames ? '.*' : '[^/]*';
      at += stars.length + (skipsSlash ? 1 : 0);
    } else if (character === '[') {
      const bracket = readBracket(pattern, at);
      if (bracket === undefined) return undefined;
      expression += isForNames ? bracket.expression : `(?!/)${bracket.expression}`;
      at = bracket.end;
    } else {
      expression += literal(character);
      at++;
    }
  }
  return expression;
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  space: ' \\t-\\r',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

/** Reads `[a-z]`, `[!a]` or `[[:alpha:]]`: a first `]` is one of the characters. */
function readBracket(
  pattern: string,
  start: number,
): { readonly expression: string; readonly end: number } | undefined {
  const isNegative = /[!^]/.test(pattern.charAt(start + 1));
  let at = start + (isNegative ? 2 : 1);
  let set = '';
  let previous: string | undefined;
  for (let isFirst = true; isFirst || pattern.charAt(at) !== ']'; isFirst = false) {
    if (at >= pattern.length) return undefined;
    const named = /^\[:([^\]]*):\]/.exec(pattern.slice(at));
    if (named !== null) {
      const characters = CLASSES[named[1] ?? ''];
      if (characters === undefined) return undefined;
      set += characters;
      previous = undefined;
      at += named[0].length;
      continue;
    }
    const isRange = pattern.charAt(at) === '-' && previous !== undefined && !/^\]?$/.test(pattern.charAt(at + 1));
    if (isRange) at++;
    if (pattern.charAt(at) === '\\') at++;
    const character = pattern.charAt(at++);
    if (character === '') return undefined;
    // A range that is the wrong way round holds nothing, but its first character counts by itself.
    if (isRange && previous !== undefined && previous <= character) set += `${code(previous)}-${code(character)}`;
    if (!isRange) set += code(character);
    previous = isRange ? undefined : character;
  }
  return { expression: isNegative ? `[^${set}]` : set === '' ? '(?!)' : `[${set}]`, end: at + 1 };
}

function literal(character: string): string {
  return /[\w/]/.test(character) ? character : code(character);
}

function code(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
