import { describe, expect, it } from 'vitest';
import { checkSuppressions } from '../../src/rules/suppressed-checks.ts';
import { parse } from '../../src/source-file.ts';

const check = (path: string, text: string) => checkSuppressions(parse(path, text));

describe('a comment that silences a check', () => {
  it.each([
    '// biome-ignore lint/suspicious/noExplicitAny: later\nconst x: any = 1;',
    'const x = 1; // biome-ignore lint: later',
    '// biome-ignore-all lint: later',
    '// @ts-expect-error\nconst x: string = 1;',
    '/* @ts-ignore */ const x: string = 1;',
    '// @ts-nocheck',
    'function f() {\n  // @ts-ignore\n}',
    '// eslint-disable-next-line',
  ])('is refused: %s', (text) => {
    expect(check('packages/db-core/src/index.ts', text)).toHaveLength(1);
    expect(check('tooling/demo/src/main.ts', text)).toHaveLength(1);
  });

  it('is no string', () => expect(check('a.ts', "const text = '// @ts-ignore';")).toEqual([]));

  it('is allowed where a type test expects an error', () => {
    const text = '// @ts-expect-error: a number is no id\nmemories.getById(1);\n// @ts-ignore\n';
    expect(check('packages/db-memory/test/types.test-d.ts', text)).toMatchObject([{ line: 3 }]);
    expect(check('packages/db-memory/test/memory.test.ts', text)).toHaveLength(2);
  });
});
