/** A step of a recipe, as its code blocks say it. */
export type Step =
  | { readonly kind: 'change'; readonly file: string; readonly lines: readonly string[] }
  | { readonly kind: 'new file'; readonly file: string; readonly text: string }
  | { readonly kind: 'command'; readonly command: string };

/**
 * Reads a recipe from a page: the code blocks below a heading.
 *
 * - `diff`: changes to files, each below a line `@@ file @@`
 * - `typescript`: a new file, whose path is the comment in its first line
 * - `sh`: commands
 *
 * @param next - the number that `NEXT` stands for: that of the next schema version
 */
export function readRecipe(page: string, title: string, next: number): Step[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`CONTRIBUTING.md has no recipe "${title}"`);
  const blocks = section.replaceAll('NEXT', String(next)).matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return Array.from(blocks, ([, language = '', text = '']) => readBlock(language, text)).flat();
}

function readBlock(language: string, text: string): Step[] {
  switch (language) {
    case 'diff':
      return Array.from(text.matchAll(/^@@ (\S+) @@\n((?:(?!@@).*\n)*)/gm), ([, file = '', hunk = '']) => ({
        kind: 'change',
        file,
        lines: hunk.trimEnd().split('\n'),
      }));
    case 'typescript': {
      const [, file = '', content = ''] = /^\/\/ (\S+)\n(.*)/s.exec(text) ?? [];
      return [{ kind: 'new file', file, text: content }];
    }
    case 'sh':
      return text
        .trim()
        .split('\n')
        .map((command) => ({ kind: 'command', command }));
    default:
      throw new Error(`A recipe has no blocks in ${language}`);
  }
}

/**
 * Applies a change to a string: lines that begin with a blank or `-` must be there, one after the other, in one place
 * alone.
 *
 * @throws Error when they are in no place, or in several
 */
export function applyChange(text: string, lines: readonly string[]): string {
  const block = (signs: string) =>
    lines
      .filter((line) => signs.includes(line.charAt(0)))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const [before, after] = [`\n${block(' -')}`, `\n${block(' +')}`];
  const parts = `\n${text}`.split(before);
  if (parts.length !== 2) throw new Error(`Found in ${parts.length - 1} places:${before}`);
  return parts.join(after).slice(1);
}
