import { expect, it } from 'vitest';
import { checkLength } from '../../src/rules/file-length.ts';
import { parse } from '../../src/source-file.ts';

it('a file of more than 300 lines is refused, wherever it lies', () => {
  const check = (path: string, lines: number) => checkLength(parse(path, 'run();\n'.repeat(lines)));
  for (const path of ['packages/db-core/src/a.ts', 'packages/db-core/test/a.test.ts', 'tooling/bench/src/a.ts']) {
    expect(check(path, 300)).toEqual([]);
    expect(check(path, 301)).toMatchObject([{ path, message: expect.stringContaining('301 lines') }]);
  }
});
