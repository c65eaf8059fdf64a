/** Words that turn a sentence around, in the languages that the tests cover: English, French, German, Spanish. */
const NEGATIONS =
  /\b(?:not|no|never|none|nothing|neither|nor|without|cannot|except|non|ne|pas|jamais|sans|aucune?|nicht|kein(?:e[nmrs]?)?|nie|niemals|ohne|nunca|sin)\b|n['’]t\b/giu;

const NUMBERS = /\d+(?:[.,:]\d+)*/g;

/**
 * Returns whether two sentences have the same numbers, in any order, and as many negations. Embeddings hardly see
 * either: "enable it" and "do not enable it", "port 80" and "port 8080" lie close together.
 */
export function sameFacts(a: string, b: string): boolean {
  return numbersOf(a) === numbersOf(b) && countOf(a, NEGATIONS) === countOf(b, NEGATIONS);
}

function numbersOf(text: string): string {
  return (text.match(NUMBERS) ?? []).sort().join(' ');
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
