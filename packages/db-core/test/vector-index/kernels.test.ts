import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileKernels } from '../../kernels/compile.mjs';
import { loadKernels } from '../../src/vector-index/kernels/load-kernels.ts';
import { PlainKernels } from '../../src/vector-index/kernels/plain-kernels.ts';
import type { VectorKernels } from '../../src/vector-index/kernels/vector-kernels.ts';
import { WASM_BASE64 } from '../../src/vector-index/kernels/wasm-module.ts';
import { QuantizedQuery } from '../../src/vector-index/quantized-query.ts';
import { Quantizer } from '../../src/vector-index/quantizer.ts';
import { Arena, PagedRows } from '../../src/vector-index/wasm-arena.ts';

it('are what their source compiles to', async () => {
  expect(Buffer.from(await compileKernels()).toString('base64')).toBe(WASM_BASE64);
});

it('run in WebAssembly here', () => {
  expect(loadKernels()).not.toBeInstanceOf(PlainKernels);
});

/** Everything that kernels compute of some vectors and a query. */
function compute(kernels: VectorKernels, vectors: readonly Float32Array[], query: Float32Array) {
  const arena = new Arena(kernels);
  const quantizer = new Quantizer(arena, query.length);
  const { width } = quantizer;
  const bits1 = new PagedRows(arena, width / 8);
  const high = new PagedRows(arena, width / 2);
  const low = new PagedRows(arena, width / 2);
  const count = vectors.length;
  for (const rows of [bits1, high, low]) rows.ensure(count);
  const factors = arena.allocate(count * 12);
  for (const [slot, vector] of vectors.entries()) {
    quantizer.encode(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), {
      bits1: bits1.address(slot),
      high: high.address(slot),
      low: low.address(slot),
      factors: factors + slot * 12,
    });
  }
  const code = new QuantizedQuery(arena, quantizer);
  code.set(query);
  const list = arena.allocate(count * 4);
  arena.words(list, count).set([...vectors.keys()]);
  const dots = arena.allocate(count * 4);
  const distances = arena.allocate(count * 2);
  const histogram = arena.allocate((width + 1) * 4);
  const kept = arena.allocate(count * 4);
  kernels.dotNibbles(list, count, high.pages, high.width, code.numbers, dots);
  kernels.hamming(list, count, bits1.pages, bits1.width, code.bits1, distances, histogram);
  const fronts = new PagedRows(arena, 16);
  fronts.ensure(count);
  kernels.copyFronts(0, count, bits1.pages, bits1.width, fronts.pages);
  const frontDistances = arena.allocate(count * 2);
  const frontHistogram = arena.allocate(129 * 4);
  kernels.hammingFronts(count, fronts.pages, code.bits1, frontDistances, frontHistogram);
  const near = kernels.within(list, count, distances, width / 2, kept);
  const copy = (address: number, bytes: number) => [...arena.bytes(address, bytes)];
  return {
    codes: vectors.map((_, slot) => [bits1, high, low].map((rows) => copy(rows.address(slot), rows.width))),
    factors: [...arena.floats(factors, count * 3)],
    dots: [...arena.integers(dots, count)],
    distances: [...arena.shorts(distances, count)],
    histogram: [...arena.words(histogram, width + 1)],
    fronts: [...arena.shorts(frontDistances, count), ...arena.words(frontHistogram, 129)],
    near: [...arena.words(kept, near)],
    terms: code.terms(),
  };
}

it('give the same in WebAssembly and in TypeScript, bit for bit', () => {
  const vectors = fc.integer({ min: 1, max: 700 }).chain((dimensions) => {
    const vector = fc.float32Array({
      minLength: dimensions,
      maxLength: dimensions,
      noNaN: true,
      noDefaultInfinity: true,
    });
    return fc.record({ query: vector, vectors: fc.array(vector, { minLength: 1, maxLength: 5 }) });
  });
  fc.assert(
    fc.property(vectors, ({ query, vectors }) => {
      expect(compute(loadKernels(), vectors, query)).toEqual(compute(new PlainKernels(), vectors, query));
    }),
    { numRuns: 60 },
  );
});
