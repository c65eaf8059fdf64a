import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorSignature } from '../src/index.ts';

/** What real tools print, and what is left of it. */
const MESSAGES: readonly (readonly [tool: string, message: string, signature: string])[] = [
  [
    'tsc',
    "src/cart/total.ts(12,5): error TS2322: Type 'string | undefined' is not assignable to type 'string'.\n  Type 'undefined' is not assignable to type 'string'.",
    '<path>: error TS2322: Type <name> is not assignable to type <name>. Type <name> is not assignable to type <name>.',
  ],
  [
    'tsc, pretty',
    "\u001b[96msrc/index.ts\u001b[0m:\u001b[93m3\u001b[0m:\u001b[93m17\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2304: \u001b[0mCannot find name 'fetchUser'.",
    '<path> - error TS2304: Cannot find name <name>.',
  ],
  [
    'eslint',
    "/home/dev/shop/src/app.js\n  10:7  error  'unused' is assigned a value but never used  no-unused-vars",
    '<path> <place> error <name> is assigned a value but never used no-unused-vars',
  ],
  [
    'vitest',
    'AssertionError: expected 41 to be 42 // Object.is equality\n ❯ test/sum.test.ts:7:23',
    'AssertionError: expected <number> to be <number> // Object.is equality',
  ],
  [
    'jest',
    'expect(received).toBe(expected)\n\nExpected: "open"\nReceived: "closed"\n\n    at Object.<anonymous> (src/door.test.js:5:22)',
    'expect(received).toBe(expected) Expected: <name> Received: <name>',
  ],
  [
    'node',
    "node:internal/modules/cjs/loader:1228\n  throw err;\n\nError: Cannot find module 'left-pad'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)",
    '<url> throw err; Error: Cannot find module <name>',
  ],
  [
    'node, a type error',
    "TypeError: Cannot read properties of undefined (reading 'id')\n    at getUser (/srv/app/user.js:42:18)",
    'TypeError: Cannot read properties of undefined (reading <name>)',
  ],
  [
    'pytest',
    '  File "/usr/lib/python3/site.py", line 9, in load\nE       KeyError: \'user_id\'\ntests/test_user.py:17: KeyError',
    'E KeyError: <name> <path>: KeyError',
  ],
  [
    'cargo',
    'error[E0308]: mismatched types\n  --> src/main.rs:4:18\n   |\n4 |     let x: i32 = "five";\n   |            ---   ^^^^^^ expected `i32`, found `&str`',
    'error[E0308]: mismatched types | | --- ^^^^^^ expected <name>, found <name>',
  ],
  ['go', './main.go:14:2: undefined: fmt.Printline', '<path>: undefined: fmt.Printline'],
  [
    'go test',
    '--- FAIL: TestSum (0.02s)\n    sum_test.go:11: got 3, want 4',
    '--- FAIL: TestSum (<number>) <path>: got <number>, want <number>',
  ],
];

describe('the signature of an error', () => {
  it.each(MESSAGES)('keeps what messages of %s have in common', (_tool, message, signature) =>
    expect(errorSignature(message)).toBe(signature),
  );

  it('is the same for other files, names and numbers, and another for another code', () => {
    const at = (file: string, line: number, name: string) =>
      `${file}(${line},1): error TS2304: Cannot find name '${name}'.`;
    expect(errorSignature(at('src/a.ts', 1, 'x'))).toBe(errorSignature(at('C:\\work\\b\\c.tsx', 99, 'anotherName')));
    expect(errorSignature('error TS2304: x')).not.toBe(errorSignature('error TS2322: x'));
  });

  it('is short for any text, and never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (message) => {
        expect(errorSignature(message).length).toBeLessThanOrEqual(500);
      }),
    );
  });

  it('is found in linear time for a hostile text', () => {
    expect(
      errorSignature(`${'a/'.repeat(50_000)}${"'".repeat(50_001)}${'../'.repeat(20_000)}`).length,
    ).toBeLessThanOrEqual(500);
  });
});

it.each(['a.', 'a-', '\n', '‘', 'a/', 'C:\\', '1,', "'a"])(
  'takes a moment for a message of %j again and again',
  (unit) => {
    // Where an expression begins anew at each of them, this takes minutes.
    expect(errorSignature(unit.repeat(1_000_000 / unit.length)).length).toBeLessThanOrEqual(500);
  },
);
