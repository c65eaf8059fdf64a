import { commentsOf, type SourceFile, type Violation, violationAt } from '../source-file.ts';

const SUPPRESSION = /\bbiome-ignore|@ts-(?:ignore|expect-error|nocheck)\b|\b(?:eslint|oxlint)-disable/;

/** Refuses comments that silence the compiler or the linter. Only type tests may expect an error: it is what they test. */
export function checkSuppressions(file: SourceFile): Violation[] {
  if (!SUPPRESSION.test(file.tree.text)) return [];
  const mayExpectErrors = file.path.endsWith('.test-d.ts');
  return commentsOf(file).flatMap(({ start, text }) => {
    const [suppression] = SUPPRESSION.exec(text) ?? [];
    if (suppression === undefined || (mayExpectErrors && suppression === '@ts-expect-error')) return [];
    return [violationAt(file, start, `${suppression} hides an error; fix its cause`)];
  });
}
