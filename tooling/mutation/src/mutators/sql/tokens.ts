/** What stands for one UTF-16 unit of a `${...}` in the text of a template, so that all positions stay the same. */
export const HOLE = '\u{fffc}';

/** A piece of SQL that has a meaning of its own. Words that SQL reserves are in capitals in this repository. */
export interface Token {
  readonly kind: 'word' | 'hole' | 'string' | 'number' | 'parameter' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The number of parentheses that it stands in; a parenthesis itself counts as outside of its pair. */
  readonly depth: number;
}

const PIECES = new RegExp(
  [
    String.raw`(?<skipped>\s+|--[^\n]*)`,
    `(?<hole>${HOLE}+)`,
    `(?<string>'(?:[^']|'')*'|"[^"]*")`,
    String.raw`(?<parameter>[@:$][A-Za-z_]\w*)`,
    String.raw`(?<number>0x[\da-fA-F]+|\d+(?:\.\d+)?)`,
    String.raw`(?<word>[A-Za-z_]\w*)`,
    String.raw`(?<symbol>->>|->|<=|>=|<>|!=|==|\|\||<<|>>|[\s\S])`,
  ].join('|'),
  'gy',
);

const KINDS = ['word', 'hole', 'string', 'number', 'parameter', 'symbol'] as const;

/** Splits SQL into its tokens. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const { index, 0: text, groups = {} } of sql.matchAll(PIECES)) {
    const kind = KINDS.find((name) => groups[name] !== undefined);
    if (kind === undefined) continue;
    if (text === ')') depth--;
    tokens.push({ kind, text, start: index, end: index + text.length, depth });
    if (text === '(') depth++;
  }
  return tokens;
}

const LIKELY_SQL = [
  /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|VACUUM)\b/,
  /\b(FROM|WHERE|ORDER BY|GROUP BY|IS NOT NULL|IS NULL|ON CONFLICT|NOT NULL|CHECK|REFERENCES|UNIQUE|LIMIT|DESC|VALUES)\b/,
  /[<>=] ?@\w/,
  /\b(AND|OR|IN|EXISTS|MATCH|LIKE) *[\w(@]/,
];

/** Returns whether a string is SQL, or a part of some. Names of this repository's SQL keywords are in capitals. */
export function isLikelySql(text: string): boolean {
  return LIKELY_SQL.some((pattern) => pattern.test(text));
}
