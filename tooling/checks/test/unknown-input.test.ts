// The declarations of tooling/presets/unknown-input.d.ts, as every package is compiled with them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../src/workspace.ts';

const FOLDER = fileURLToPath(new URL('../.samples/', import.meta.url));
/** The compiler of the packages. */
const TSC = join(dirname(createRequire(`${ROOT}/package.json`).resolve('typescript/package.json')), 'bin', 'tsc');

/** Takes what the standard library calls `any` for a type of one's own, a line each. */
const REFUSED = [
  "export const a: { id: string } = JSON.parse('{}');",
  "export const b: string = JSON.parse('{}', (_key, value) => value);",
  "export const c = JSON.parse('{}').id;",
  "export const d: string = Reflect.get({}, 'id');",
  'export const e = (value: unknown) => (Array.isArray(value) ? value[0].id : 0);',
  "export const f: string = Object(JSON.parse('{}')).id;",
];

const ALLOWED = [
  "export const g: unknown = JSON.parse('{}');",
  'export const h = (value: string | readonly number[]) => (Array.isArray(value) ? (value[0] ?? 0) + 1 : value.length);',
  "export const i = (value: unknown) => (Array.isArray(value) && value.every((each) => typeof each === 'string') ? value[0]?.length : 0);",
];

describe('a value from outside', () => {
  let output = '';
  beforeAll(() => {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'sample.ts'), [...REFUSED, ...ALLOWED].join('\n'));
    writeFileSync(
      join(FOLDER, 'tsconfig.json'),
      JSON.stringify({ extends: '@codebuddy/presets/tsconfig.json', include: ['*.ts'] }),
    );
    try {
      execFileSync(process.execPath, [TSC, '--project', FOLDER], { encoding: 'utf8' });
    } catch (error) {
      output = String(Reflect.get(Object(error), 'stdout'));
    }
  });
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  const refusedLines = () => [
    ...new Set(Array.from(output.matchAll(/sample\.ts\((\d+),/g), ([, line]) => Number(line))),
  ];

  it.each(REFUSED.map((line, i) => [line, i + 1] as const))('is unknown until it is checked: %s', (_line, number) =>
    expect(refusedLines()).toContain(number),
  );

  it('may be used once it is', () => {
    expect(refusedLines().filter((line) => line > REFUSED.length)).toEqual([]);
  });
});
