/** Blanks out the code of a page, in blocks and in lines: everything else stays where it was. */
export function withoutCode(page: string): string {
  const blank = (code: string) => code.replace(/[^\n]/g, ' ');
  return page.replace(/```[\s\S]*?```/g, blank).replace(/`[^`\n]*`/g, blank);
}
