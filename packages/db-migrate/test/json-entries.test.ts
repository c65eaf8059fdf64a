import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ENTRY_BYTES, readJsonEntries } from '../src/files/json-entries.ts';
import { parseJson } from '../src/files/json-text.ts';

/** Reads a text in chunks: each entry's value, or its problem. */
async function read(text: string, chunkBytes = 256 * 1024): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { entries } of readJsonEntries(chunksOf(Buffer.from(text), chunkBytes), 'memories')) {
    for (const { content } of entries) found.push('problem' in content ? `! ${content.problem}` : parsed(content));
  }
  return found;
}

/** Hands out bytes as a file is read: each chunk in the memory of the one before. */
async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.alloc(chunkBytes);
  for (let position = 0; position < bytes.length; position += chunkBytes) {
    const chunk = bytes.subarray(position, position + chunkBytes);
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
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
    const value = fc.jsonValue();
    const list = fc.array(value, { maxLength: 8 });
    const chunkBytes = fc.integer({ min: 1, max: 64 });
    await fc.assert(
      fc.asyncProperty(list, fc.constantFrom(undefined, 2), value, chunkBytes, async (values, indent, other, bytes) => {
        const expected = JSON.parse(JSON.stringify(values));
        expect(await read(JSON.stringify(values, undefined, indent), bytes)).toEqual(expected);
        const wrapped = { before: other, memories: values, after: [other] };
        expect(await read(JSON.stringify(wrapped, undefined, indent), bytes)).toEqual(expected);
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
    ['[{"a": [1}, {"b": 1}]', ['! it is not JSON (position 8)', { b: 1 }]],
    ['[{"a": {"b": 1}, {"c": 2}]', ['! it is not JSON (position 16)']],
    ['[[{"a": 1], 2]', ['! it is not JSON (position 8)', 2]],
    ['[1] ', [1]],
    ['[1]\n[2]', [1, '! the file goes on behind the end of the list']],
    ['{"memories": [1], "version": 2}', [1]],
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

  it('follow one that is too large to be read', async () => {
    const large = `"${'x'.repeat(MAX_ENTRY_BYTES)}"`;
    expect(await read(`[1, ${large}, {"a": ${large}}, 2]`)).toEqual([
      1,
      `! it is larger than ${MAX_ENTRY_BYTES} bytes`,
      `! it is larger than ${MAX_ENTRY_BYTES} bytes`,
      2,
    ]);
  });

  it('are refused where they are not UTF-8', () => {
    expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(/not UTF-8/);
  });
});
