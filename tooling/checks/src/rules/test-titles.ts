import ts from 'typescript';
import { type SourceFile, type Violation, violationAt, visit } from '../source-file.ts';

/** Words that can't begin a sentence that says what is true of the subject under test. */
const OPENERS = new Set(
  `about above across after against along among around as at because before behind below beneath beside besides between
  beyond by despite during except for from if in inside into near of off on onto out outside over per regarding since than
  through throughout till to toward towards under underneath unless unlike until up upon when whenever where wherever
  whether while with within without`.split(/\s+/),
);

/** Refuses titles of tests that begin with a preposition or conjunction: the title of a test reads as a sentence. */
export function checkTestTitles(file: SourceFile): Violation[] {
  return testTitles(file).flatMap(({ title, position }) => {
    const [first = ''] = title.split(/[^\p{L}]+/u);
    if (!OPENERS.has(first)) return [];
    return [
      violationAt(file, position, `the title "${title}" begins with "${first}"; begin with what the subject does`),
    ];
  });
}

/** The title of a test, as it is written: placeholders of `it.each` are not filled in. */
export interface TestTitle {
  readonly title: string;
  readonly position: number;
}

/** Returns the titles of the tests of a file; those of `describe` are not among them. */
export function testTitles(file: SourceFile): TestTitle[] {
  const titles: TestTitle[] = [];
  visit(file, (node) => {
    if (!ts.isCallExpression(node) || !/^(?:it|test)\b/.test(calleeOf(node))) return;
    const [title] = node.arguments;
    if (title === undefined) return;
    if (ts.isStringLiteralLike(title)) titles.push({ title: title.text, position: title.getStart() });
    else if (ts.isTemplateExpression(title))
      titles.push({ title: title.getText().slice(1, -1), position: title.getStart() });
  });
  return titles;
}

/** `it`, `it.each(...)`, `test.skipIf(...)` and the like, without their arguments. */
function calleeOf(call: ts.CallExpression): string {
  let callee: ts.Expression = call.expression;
  while (
    ts.isCallExpression(callee) ||
    ts.isPropertyAccessExpression(callee) ||
    ts.isTaggedTemplateExpression(callee)
  ) {
    callee = ts.isTaggedTemplateExpression(callee) ? callee.tag : callee.expression;
  }
  return ts.isIdentifier(callee) ? callee.text : '';
}
