import { commentsOf, type SourceFile, type Violation, violationAt } from '../source-file.ts';

/** "Whether it is open" is what everybody writes of a boolean, and is let through. */
const OPENER = /^(?:what|how|where|when|why|which|who|whom|whose)\b/i;

/**
 * Verbs that a sentence can be about. A clause such as "What a caller gives" has one of its own, so that a sentence that
 * begins with a question word needs a second one to be whole: "What a caller gives is checked".
 */
const VERBS = new Set(
  `am are be become becomes been can comes compute computes could did do does fails follows gets gives goes had has have
  holds is keeps leaves loses makes may means might must needs never says shall should stays takes tells throws was were
  will would`.split(/\s+/),
);

/** Refuses doc comments with a sentence that is a clause without a main verb: "What a caller gives." */
export function checkDocComments(file: SourceFile): Violation[] {
  return commentsOf(file)
    .filter(({ text }) => text.startsWith('/**'))
    .flatMap(({ start, text }) =>
      sentencesOf(text)
        .filter(isHeadless)
        .map((sentence) =>
          violationAt(file, start, `"${sentence}" is no sentence; say what the thing is, or what it does`),
        ),
    );
}

function sentencesOf(comment: string): string[] {
  const prose = comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^[ \t]*\*[ \t]?/gm, '')
    .replace(/```[\s\S]*?(?:```|$)/g, '')
    // What follows a tag is a phrase: `@param path - where the file goes`.
    .replace(/^@\w+[\s\S]*?(?=^@|$(?![\s\S]))/gm, '');
  return prose
    .split(/\n\s*\n|(?<=[.!?:;])\s+(?=[\p{Lu}`])/u)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '');
}

function isHeadless(sentence: string): boolean {
  if (!OPENER.test(sentence) || sentence.endsWith('?')) return false;
  // A question word that only opens a subordinate clause is followed by a comma and the sentence: "Where it is full, ...".
  if (/^(?:where|when)\b/i.test(sentence) && sentence.includes(',')) return false;
  const words = sentence.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.filter((word) => VERBS.has(word)).length < 2;
}
