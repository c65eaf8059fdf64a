const DOUBLE = /([bdfgmnprt])\1$/;
const SHORT_SYLLABLE = /(?:^[aeiouy][^aeiouy]|[^aeiouy][aeiouy][^aeiouywx])$/;

/** Words whose last letter is no ending. */
const UNINFLECTED: ReadonlySet<string> = new Set(['https', 'redis', 'kubernetes']);

/**
 * Takes the inflection of an English word away, as steps 1 and 5 of the Snowball stemmer for English do (Porter 2001,
 * https://snowballstem.org/algorithms/english/stemmer.html): `tests`, `tested` and `testing` become `test`. The steps that
 * take derivations away are left out, since they make one word of `universal` and `university`.
 *
 * @param word - in lower case
 */
export function withoutInflection(word: string): string {
  if (word.length < 3 || UNINFLECTED.has(word)) return word;
  return withoutFinalE(withoutPast(withoutPlural(word)).replace(/(?<=.[^aeiouy])y$/, 'i'));
}

function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/(?:ied|ies)$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  return /[aeiouy].*[^us]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutPast(word: string): string {
  if (word.endsWith('eed')) return regionOf(word).endsWith('eed') ? word.slice(0, -1) : word;
  const stem = /^(.*[aeiouy].*)(?:ed|ing)$/.exec(word)?.[1];
  if (stem === undefined) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLE.test(stem)) return stem.slice(0, -1);
  return regionOf(stem) === '' && SHORT_SYLLABLE.test(stem) ? `${stem}e` : stem;
}

function withoutFinalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const region = regionOf(word);
  const isRemoved = regionOf(region).endsWith('e') || (region !== '' && !SHORT_SYLLABLE.test(word.slice(0, -1)));
  return isRemoved ? word.slice(0, -1) : word;
}

/** What comes after the first vowel that a consonant follows, and that consonant: R1 of the algorithm. */
function regionOf(word: string): string {
  return /[aeiouy][^aeiouy](.*)$/.exec(word)?.[1] ?? '';
}
