import { withoutInflection } from './inflection.ts';
import { EMPTY_WORDS, HOW, KINDS, NEGATED_VERBS, OPENINGS, RELATIONS, SYNONYMS, TWO_WORDS } from './question-words.ts';

/** A word of a question. Words that mean the same have one key. */
interface Word {
  readonly key: string;
  /** Whether it names something that can't be said in another order: a number, a file, an option, an operator. */
  readonly isName: boolean;
}

/**
 * Returns whether two questions ask for the same in other words. Embeddings hardly see what turns a question around: "enable
 * it" and "disable it", "port 80" and "port 8080", `cart.ts` and `card.ts` lie close together. So every word counts, save
 * those that say nothing, other forms of a word and a short list of synonyms, and so does the order of names and of what
 * stands after a preposition. It errs towards false: a question that is asked again costs less than a wrong answer.
 *
 * @example
 * ```ts
 * isSameQuestion('How do I run the tests?', 'How are the tests run?'); // true
 * isSameQuestion('Convert JSON to YAML', 'Convert YAML to JSON'); // false
 * ```
 */
export function isSameQuestion(a: string, b: string): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  return (
    keysOf(left).sort().join(' ') === keysOf(right).sort().join(' ') &&
    keysOf(left.filter(({ isName }) => isName)).join(' ') === keysOf(right.filter(({ isName }) => isName)).join(' ') &&
    haveEqualObjects(left, right) &&
    isAlmostInOrder(keysOf(left), keysOf(right))
  );
}

const STEMS = new Map([...SYNONYMS].map(([word, other]) => [withoutInflection(word), withoutInflection(other)]));

const WORDS = new Intl.Segmenter('und', { granularity: 'word' });

// A name has more than letters, changes its case or is one letter: `cart.ts`, `--no-verify`, `C++`, `10`, `!=`, `useEffect`, `x`.
const NAME = /[^\p{L}\p{M}'’]|\p{Ll}\p{Lu}|^.$/u;
const ACRONYM = /^\p{Lu}+$/u;
const NUMBER_WITH_UNIT = /^([-+]?\d+(?:\.\d+)?)([a-zµ%]+)$/iu;
const OPERATOR = /^[^\p{L}\p{N}]{2,}$/u;
const PUNCTUATION = /^[("'“‘`[{¿¡]+|[)"'”’`\]},;:?!.…。，？！]+$/gu;
const BRITISH = /(?<=.{4})is(?=(?:e|es|ed|ing)$)/u;
const QUOTED = /^["'`“].+["'`”]/u;
const WRITTEN_WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}\p{sc=Mymr}]/u;

function wordsOf(question: string): Word[] {
  const pieces = plainly(question)
    .split(/\s+/u)
    .map((piece) => ({
      text: OPERATOR.test(piece) ? piece : piece.replaceAll(PUNCTUATION, ''),
      isQuoted: QUOTED.test(piece),
    }))
    .filter(({ text }) => text !== '');
  return pieces
    .filter(({ text }, i) => !isEmpty(text, pieces[i + 1]?.text))
    .flatMap(({ text, isQuoted }, i, kept) =>
      isQuoted || KINDS.has(kept[i - 1]?.text.toLowerCase() ?? '') ? [name(text)] : partsOf(text),
    );
}

/** A letter is a name in "divide a by b", and an article in "divide a number". */
function isEmpty(piece: string, next = ''): boolean {
  const folded = piece.toLowerCase();
  if (folded === 'a') return next.length > 1 && !EMPTY_WORDS.has(next) && !RELATIONS.has(next);
  return EMPTY_WORDS.has(folded);
}

/** Leaves away how a question is opened, and writes one way of asking how something is done instead of the others. */
function plainly(question: string): string {
  const written = question
    .normalize('NFKC')
    .trim()
    .replaceAll('’', "'")
    .replaceAll(/(?<=\d),(?=\d{3}\b)/gu, '')
    .replaceAll(TWO_WORDS, '$1$2');
  const text = NEGATED_VERBS.reduce((changed, [verb, apart]) => changed.replaceAll(verb, apart), written);
  const lower = text.toLowerCase();
  let start = 0;
  for (const opening of OPENINGS) start += opening.exec(lower.slice(start))?.[0].length ?? 0;
  const how = HOW.exec(lower.slice(start));
  if (how === null) return text.slice(start);
  return `${text.slice(start, start + how.index)}how ${text.slice(start + how.index + how[0].length)}`;
}

function partsOf(piece: string): Word[] {
  const measure = NUMBER_WITH_UNIT.exec(piece);
  if (measure !== null) return [name(measure[1] ?? ''), word(measure[2] ?? '')];
  if (WRITTEN_WITHOUT_SPACES.test(piece)) {
    return [...WORDS.segment(piece)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => word(segment));
  }
  const base = piece.replace(/'s$/iu, '');
  // Two words that a hyphen joins are no name.
  if (/^\p{L}+(?:-\p{L}+)+$/u.test(base))
    return base.split('-').flatMap((part) => (EMPTY_WORDS.has(part) ? [] : [word(part)]));
  if (NAME.test(base) && !STEMS.has(base.toLowerCase())) return [name(base)];
  return [word(base, ACRONYM.test(base))];
}

/** The case of a name matters: `-d` and `-D` are two options. */
function name(text: string): Word {
  return { key: text, isName: true };
}

function word(text: string, isAcronym = false): Word {
  const folded = text.toLowerCase();
  const stem = isAcronym ? folded : withoutInflection(folded.replace(BRITISH, 'iz'));
  const key = STEMS.get(stem) ?? stem;
  return { key, isName: /^\d+$/.test(key) };
}

function keysOf(words: readonly Word[]): string[] {
  return words.map(({ key }) => key);
}

/** Compares what stands after each preposition that both questions have. */
function haveEqualObjects(a: readonly Word[], b: readonly Word[]): boolean {
  const [left, right] = [objectsOf(a), objectsOf(b)];
  return left.size === right.size && [...left].every((relation) => right.has(relation));
}

function objectsOf(words: readonly Word[]): Set<string> {
  return new Set(words.flatMap(({ key }, i) => (RELATIONS.has(key) ? [`${key} ${words[i + 1]?.key ?? ''}`] : [])));
}

/** One word may stand elsewhere, as a verb does in the passive voice: "dogs chase cats" is not "cats chase dogs". */
function isAlmostInOrder(a: readonly string[], b: readonly string[]): boolean {
  return commonLength(a, b) >= a.length - 1;
}

/** The length of the longest common subsequence. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let previous: number[] = new Array(b.length + 1).fill(0);
  for (const key of a) {
    const next = [0];
    for (const [i, other] of b.entries()) {
      next.push(key === other ? (previous[i] ?? 0) + 1 : Math.max(previous[i + 1] ?? 0, next[i] ?? 0));
    }
    previous = next;
  }
  return previous.at(-1) ?? 0;
}
