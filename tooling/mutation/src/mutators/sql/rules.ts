import type { Edit } from '../change.ts';
import {
  closing,
  isConnective,
  listItems,
  type Run,
  remove,
  removeItem,
  replace,
  runAfter,
  runBefore,
} from './clauses.ts';
import type { Token } from './tokens.ts';

/** An edit of a statement, with a few words on it. */
export interface SqlEdit extends Edit {
  readonly what: string;
}

/** Proposes edits at one token of a statement. */
type Rule = (tokens: readonly Token[], at: number) => readonly (SqlEdit | undefined)[];

const WORDS: Readonly<Record<string, string>> = {
  IMMEDIATE: 'DEFERRED',
  TRUNCATE: 'PASSIVE',
  BEFORE: 'AFTER',
  DESC: 'ASC',
  ASC: 'DESC',
};

const CONNECTIVES: Readonly<Record<string, string>> = { AND: 'OR', OR: 'AND' };

const SYMBOLS: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

const FUNCTIONS: Readonly<Record<string, string>> = { max: 'min', min: 'max', sum: 'max' };

const SETTINGS: Readonly<Record<string, string>> = { ON: 'OFF', OFF: 'ON', NORMAL: 'OFF', FULL: 'OFF', EXTRA: 'OFF' };

const rules: readonly Rule[] = [
  function exchangedWords(tokens, at) {
    return [exchange(tokens, at, isConnective(tokens, at) ? CONNECTIVES : WORDS)];
  },

  function exchangedSymbols(tokens, at) {
    return [exchange(tokens, at, SYMBOLS)];
  },

  function exchangedFunctions(tokens, at) {
    return [token(tokens, at + 1).text === '(' ? exchange(tokens, at, FUNCTIONS) : undefined];
  },

  function settings(tokens, at) {
    const isSetting = tokens.length <= 4 && token(tokens, at - 1).text === '=';
    return [isSetting ? exchange(tokens, at, SETTINGS) : undefined];
  },

  function arithmetic(tokens, at) {
    const { kind, text } = token(tokens, at - 1);
    const isOperand = text === ')' || (kind === 'word' ? text === text.toLowerCase() : kind !== 'symbol');
    return [at > 0 && isOperand ? exchange(tokens, at, { '+': '-', '-': '+' }) : undefined];
  },

  function negations(tokens, at) {
    const [word, next, afterNext] = [at, at + 1, at + 2].map((index) => token(tokens, index).text);
    if (word === 'IS' && next === 'NOT') return [dropped(tokens, at + 1, at + 1, 'IS NOT to IS')];
    if (word === 'IS') return [{ ...replace(tokens, { from: at, to: at }, 'IS NOT'), what: 'IS to IS NOT' }];
    const isConstraint = word === 'NOT' && next === 'NULL';
    const isExistenceCheck = word === 'NOT' && next === 'EXISTS' && afterNext !== '(';
    if (word !== 'NOT' || isExistenceCheck || token(tokens, at - 1).text === 'IS') return [];
    return [isConstraint ? dropped(tokens, at, at + 1, 'drop NOT NULL') : dropped(tokens, at, at, 'drop NOT')];
  },

  function partsOfConditions(tokens, at) {
    if (!isConnective(tokens, at)) return [];
    // AND binds more tightly, so that a side of an OR holds whole chains of it.
    const separators = token(tokens, at).text === 'AND' ? ['AND', 'OR', ','] : ['OR', ','];
    const left = runBefore(tokens, at, separators);
    const right = runAfter(tokens, at + 1, separators);
    if (isEmpty(left) || isEmpty(right)) return [];
    const keepsRight: Edit = {
      start: token(tokens, left.from).start,
      end: token(tokens, right.from).start,
      text: '',
    };
    return [{ ...keepsRight, what: 'drop a condition' }, dropped(tokens, at, right.to, 'drop a condition')];
  },

  function wholeConditions(tokens, at) {
    const { text } = token(tokens, at);
    if (text !== 'WHERE' && text !== 'WHEN' && text !== 'HAVING') return [];
    const condition = runAfter(tokens, at + 1, ['AND', 'OR']);
    const next = token(tokens, condition.to + 1).text;
    const isPart = next === 'AND' || next === 'OR';
    if (isEmpty(condition) || isPart || (text === 'WHEN' && next !== 'BEGIN')) return [];
    return [dropped(tokens, at, condition.to, `drop ${text}`)];
  },

  function assignments(tokens, at) {
    if (token(tokens, at).text !== 'SET' || token(tokens, at + 1).text === 'NULL') return [];
    const items = listItems(tokens, at + 1);
    return items.length < 2 ? [] : items.map((item) => ({ ...removeItem(tokens, item), what: 'drop an assignment' }));
  },

  function orders(tokens, at) {
    if (token(tokens, at).text !== 'ORDER' || token(tokens, at + 1).text !== 'BY') return [];
    const items = listItems(tokens, at + 2);
    const [first, last] = [items[0], items.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { kind, text } = token(tokens, first.to);
    const isDirected = text === 'ASC' || text === 'DESC' || (kind === 'hole' && first.from < first.to);
    const { end } = token(tokens, first.to);
    return [
      isDirected ? undefined : { start: end, end, text: ' DESC', what: 'reverse the order' },
      items.length < 2 ? undefined : { ...removeItem(tokens, last), what: 'drop the last term of an order' },
    ];
  },

  function limits(tokens, at) {
    const { text } = token(tokens, at);
    if (text !== 'LIMIT' && text !== 'OFFSET') return [];
    const count = runAfter(tokens, at + 1, []);
    // Who reads the first row alone gets the same one without LIMIT 1.
    if (isEmpty(count) || token(tokens, at + 1).text === '1') return [];
    return [text === 'LIMIT' && token(tokens, count.to + 1).text === 'OFFSET' ? undefined : dropRun(tokens, at, count)];
  },

  function uniqueness(tokens, at) {
    if (token(tokens, at).text !== 'UNIQUE') return [];
    const what = 'drop UNIQUE';
    if (token(tokens, at + 1).text !== '(') return [dropped(tokens, at, at, what)];
    return [{ ...removeItem(tokens, { from: at, to: closing(tokens, at + 1) }), what }];
  },

  function checks(tokens, at) {
    if (token(tokens, at).text !== 'CHECK') return [];
    const check = { from: at, to: closing(tokens, at + 1) };
    const isConstraintOfTable = token(tokens, at - 1).text === ',';
    return [{ ...(isConstraintOfTable ? removeItem : remove)(tokens, check), what: 'drop CHECK' }];
  },

  function reactions(tokens, at) {
    const [word, next, action] = [at, at + 1, at + 2].map((index) => token(tokens, index).text);
    if (word !== 'ON') return [];
    if (next === 'DELETE' || next === 'UPDATE') {
      return [dropped(tokens, at, action === 'SET' ? at + 3 : at + 2, `drop ON ${next}`)];
    }
    if (next !== 'CONFLICT') return [];
    const end = action === '(' ? closing(tokens, at + 2) : at + 1;
    const doesNothing = token(tokens, end + 1).text === 'DO' && token(tokens, end + 2).text === 'NOTHING';
    return [doesNothing ? dropped(tokens, at, end + 2, 'drop ON CONFLICT') : undefined];
  },

  function conflicts(tokens, at) {
    const isResolution = ['INSERT', 'UPDATE'].includes(token(tokens, at).text) && token(tokens, at + 1).text === 'OR';
    return [isResolution ? dropped(tokens, at + 1, at + 2, `drop OR ${token(tokens, at + 2).text}`) : undefined];
  },

  function sets(tokens, at) {
    const [word, next] = [at, at + 1].map((index) => token(tokens, index).text);
    switch (word) {
      case 'DISTINCT':
        return [dropped(tokens, at, at, 'drop DISTINCT')];
      case 'LEFT':
        return [dropped(tokens, at, at, 'LEFT JOIN to JOIN')];
      case 'COLLATE':
        return [dropped(tokens, at, at + 1, 'drop COLLATE')];
      case 'UNION':
        if (next === 'ALL') return [dropped(tokens, at + 1, at + 1, 'UNION ALL to UNION')];
        return [{ ...replace(tokens, { from: at, to: at }, 'UNION ALL'), what: 'UNION to UNION ALL' }];
      default:
        return [];
    }
  },
];

/** Proposes edits of one statement, or of a part of one. */
export function editsOf(tokens: readonly Token[]): SqlEdit[] {
  return tokens.flatMap((_, at) => rules.flatMap((rule) => rule(tokens, at).filter((edit) => edit !== undefined)));
}

const NOTHING: Token = { kind: 'symbol', text: '', start: 0, end: 0, depth: 0 };

function token(tokens: readonly Token[], at: number): Token {
  return tokens[at] ?? NOTHING;
}

function exchange(tokens: readonly Token[], at: number, others: Readonly<Record<string, string>>): SqlEdit | undefined {
  const { text } = token(tokens, at);
  const other = Object.hasOwn(others, text) ? others[text] : undefined;
  if (other === undefined) return undefined;
  return { ...replace(tokens, { from: at, to: at }, other), what: `${text} to ${other}` };
}

function dropped(tokens: readonly Token[], from: number, to: number, what: string): SqlEdit {
  return { ...remove(tokens, { from, to }), what };
}

function dropRun(tokens: readonly Token[], from: number, { to }: Run): SqlEdit {
  return dropped(tokens, from, to, `drop ${token(tokens, from).text}`);
}

function isEmpty({ from, to }: Run): boolean {
  return to < from;
}
