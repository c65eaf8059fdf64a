import { stripVTControlCharacters } from 'node:util';

const LINE_END = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;
const CONTROL = /[^\P{Cc}\n\t]/gu;
const OPENING_FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/u;
const INDENTED_FENCE = /^[^`~]+(?:`{3}|~{3})/u;
const TAG = /<(?=[a-z/!?])/giu;
const CODE_SPAN = /(?<!`)(`+)(?!`).*?[^`]\1(?!`)/gu;

/** Takes away what a terminal or a viewer would act on instead of showing it: escape sequences and control characters. */
export function visible(text: string): string {
  return stripVTControlCharacters(text).replaceAll(LINE_END, '\n').replaceAll(CONTROL, '');
}

/** Writes text as one line of Markdown in which nothing is markup. */
export function plain(text: string): string {
  return visible(text)
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]<>#|~!&]/gu, '\\$&');
}

/** Writes text as a span of code in one line. */
export function code(text: string): string {
  const line = visible(text).replaceAll(/\s+/gu, ' ').trim();
  const ticks = '`'.repeat(longestRun(line) + 1);
  const space = /^`|`$/u.test(line) ? ' ' : '';
  return line === '' ? '' : `${ticks}${space}${line}${space}${ticks}`;
}

/** Writes text as a block of code, with a fence that is longer than any in it. */
export function fence(text: string, language = ''): string {
  const lines = visible(text);
  const ticks = '`'.repeat(Math.max(3, longestRun(lines) + 1));
  return `${ticks}${language}\n${lines}\n${ticks}`;
}

/**
 * Quotes Markdown that somebody else wrote. A heading, a list or a fence that is never closed ends where the quote ends, and HTML
 * is shown rather than read, since `</blockquote>` would end it early.
 *
 * Code is left as it is where code surely stands: in fences at the beginning of a line, and in spans that end in their line
 * (CommonMark 0.31, sections 4.5 and 6.1). Where a list or another quote may hold a fence, nothing counts as code.
 */
export function quote(markdown: string): string {
  const lines = visible(markdown).split('\n');
  const areFencesClear = !lines.some((line) => INDENTED_FENCE.test(line));
  let opened: string | undefined;
  let areSpansClear = true;
  return lines
    .map((line) => {
      if (line.trim() === '') areSpansClear = true;
      const isCode = opened !== undefined;
      if (opened !== undefined) {
        if (isClosing(line, opened)) opened = undefined;
      } else {
        const [, ticks, tildes] = (areFencesClear && OPENING_FENCE.exec(line)) || [];
        opened = ticks ?? tildes;
        if (opened === undefined) areSpansClear &&= hasClearSpans(line);
      }
      return `> ${isCode ? line : withoutTags(line, areSpansClear)}`.trimEnd();
    })
    .join('\n');
}

function isClosing(line: string, opened: string): boolean {
  const text = line.trimEnd();
  return text.length >= opened.length && text === opened.charAt(0).repeat(text.length);
}

/** A backtick that is escaped or alone may belong to a span that ends in another line. */
function hasClearSpans(line: string): boolean {
  return !line.includes('\\`') && !line.replaceAll(CODE_SPAN, '').includes('`');
}

function withoutTags(line: string, areSpansClear: boolean): string {
  if (!areSpansClear) return line.replaceAll(TAG, '&lt;');
  let result = '';
  let at = 0;
  for (const span of line.matchAll(CODE_SPAN)) {
    result += line.slice(at, span.index).replaceAll(TAG, '&lt;') + span[0];
    at = span.index + span[0].length;
  }
  return result + line.slice(at).replaceAll(TAG, '&lt;');
}

/** The length of the longest run of backticks. */
function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/gu), ([run]) => run.length));
}
