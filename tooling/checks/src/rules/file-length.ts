import type { SourceFile, Violation } from '../source-file.ts';

const MAX_LINES = 300;

/** Refuses files that are too long to have one subject: packages, tests and tooling alike. */
export function checkLength({ path, tree }: SourceFile): Violation[] {
  const lines = tree.text.trimEnd().split('\n').length;
  if (lines <= MAX_LINES) return [];
  return [
    { path, line: MAX_LINES, message: `has ${lines} lines; split it by subject, ${MAX_LINES} are enough for one` },
  ];
}
