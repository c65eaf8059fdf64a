import { writeFileSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonEntries } from '../src/files/json-entries.ts';
import { parseJson } from '../src/files/json-text.ts';
import { openLegacyFile } from '../src/files/legacy-file.ts';

/** Reads a text as a file: each entry's value, or its problem. */
async function read(text: string): Promise<unknown[]> {
  using folder = new TemporaryFolder();
  writeFileSync(folder.join('list.json'), text);
  await using file = await openLegacyFile(folder.path, folder.join('list.json'));
  const found: unknown[] = [];
  for await (const { content } of readJsonEntries(file, 'memories')) {
    found.push('problem' in content ? `! ${content.problem}` : parsed(content));
  }
  return found;
}

function parsed(content: Uint8Array): unknown {
  try {
    return parseJson(content);
  } catch (error) {
    return `! ${error instanceof Error ? error.message : error}`;
  }
}

describe('the entries of a JSON file', () => {
  it('are those of any list, bare or in an object, however it is written', async () => {
    // A key that could reach a prototype is left out on purpose: the test after the next is about it.
    const value = fc.jsonValue().filter((each) => !JSON.stringify(each).includes('__proto__'));
    const list = fc.array(value, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(list, fc.constantFrom(undefined, 2), value, async (values, indent, other) => {
        const expected = JSON.parse(JSON.stringify(values));
        expect(await read(JSON.stringify(values, undefined, indent))).toEqual(expected);
        const wrapped = { before: other, memories: values, after: [other] };
        expect(await read(JSON.stringify(wrapped, undefined, indent))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('may be larger than what is read at once', async () => {
    const long = 'ä"]},\\'.repeat(100_000);
    expect(await read(JSON.stringify([long, { long }, 'end']))).toEqual([long, { long }, 'end']);
  });

  it.each([
    ['[{"a": }, {"b": 1}]', ['! it is not JSON (an unexpected character)', { b: 1 }]],
    ['[1, {"a": 1}}, 2]', [1, '! it is not JSON (position 9)', 2]],
    ['[1, , 2]', [1, '! it is not JSON (it ends too early)', 2]],
    ['[1, {"a": "cut', [1, '! the file ends in the middle of the list']],
    ['[1, 2', [1, '! the file ends in the middle of the list']],
    ['[1', ['! the file ends in the middle of the list']],
    ['', ['! the file holds no list, nor an object with a list memories']],
    ['{"other": [1]}', ['! the file holds no list, nor an object with a list memories']],
    ['{"nested": {"memories": [1]}}', ['! the file holds no list, nor an object with a list memories']],
    ['"text"', ['! the file holds no list, nor an object with a list memories']],
    ['[]', []],
    ['{"memories": [ ]}', []],
    ['\ufeff[1]', [1]],
  ])('are read from %j as %j', async (text, expected) => expect(await read(text)).toEqual(expected));

  it('hold no key that could reach a prototype', async () => {
    const [entry] = await read('[{"__proto__": {"polluted": true}, "kept": {"__proto__": 1, "b": 2}}]');
    expect(JSON.stringify(entry)).toBe('{"kept":{"b":2}}');
  });

  it('are refused where they are not UTF-8', () => {
    expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(/not UTF-8/);
  });
});
