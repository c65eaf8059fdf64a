import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileKernels } from '../../kernels/compile.mjs';
import { FACTORS } from '../../src/vector-index/block-format.ts';
import { cosinesByDistance } from '../../src/vector-index/hamming-bounds.ts';
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
  const fronts = new PagedRows(arena, 16);
  const rests = new PagedRows(arena, width / 8 - 16);
  const high = new PagedRows(arena, width / 2);
  const low = new PagedRows(arena, width / 2);
  const count = vectors.length;
  for (const rows of [fronts, rests, high, low]) rows.ensure(count);
  const factors = arena.allocate(count * FACTORS * 4);
  for (const [slot, vector] of vectors.entries()) {
    quantizer.encode(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), {
      front: fronts.address(slot),
      rest: rests.address(slot),
      high: high.address(slot),
      low: low.address(slot),
      factors: factors + slot * FACTORS * 4,
    });
  }
  const code = new QuantizedQuery(arena, quantizer);
  code.set(query);
  const list = arena.allocate(count * 4);
  arena.words(list, count).set([...vectors.keys()].reverse());
  const dots = arena.allocate(count * 4);
  const distances = arena.allocate(count * 2);
  const histogram = arena.allocate((width + 1) * 4);
  const kept = arena.allocate(count * 4);
  const frontDistances = arena.allocate(count * 2);
  const keptDistances = arena.allocate(count * 2);
  const copy = (address: number, bytes: number) => [...arena.bytes(address, bytes)];
  const copy32 = (size: number) => [...arena.words(kept, size)];
  kernels.dotNibbles(list, count, high.pages, high.width, code.numbers, dots);
  const rest = code.bits1 + 16;
  kernels.hamming(list, count, fronts.pages, 16, code.bits1, 0, frontDistances, histogram);
  kernels.hamming(list, count, rests.pages, rests.width, rest, frontDistances, distances, histogram);
  const near = copy32(kernels.within(list, count, distances, width / 2, kept));
  const lengths = new PagedRows(arena, 4);
  lengths.ensure(count);
  for (let slot = 0; slot < count; slot++) {
    arena.floats(lengths.address(slot), 1)[0] = arena.floats(factors, count * FACTORS)[slot * FACTORS] ?? 0;
  }
  const cosines = arena.allocate((width + 1) * 4);
  arena.floats(cosines, width + 1).set(cosinesByDistance(width, 3));
  const reached = [0, list].map((some) =>
    copy32(
      kernels.withinReach(
        some,
        count,
        distances,
        width / 2,
        cosines,
        lengths.pages,
        code.terms.residualLength,
        0.1,
        kept,
        keptDistances,
      ),
    ),
  );
  const parts = [fronts, rests, high, low];
  const codes = vectors.map((_, slot) => parts.map((rows) => copy(rows.address(slot), rows.width)));
  // Any bytes may be one-bit codes.
  const splitHistogram = arena.allocate(129 * 4);
  kernels.splitFronts(low.address(0), 0, count, width / 8, fronts.pages, rests.pages);
  kernels.hammingFronts(count, fronts.pages, code.bits1, frontDistances, splitHistogram);
  return {
    codes,
    factors: [...arena.floats(factors, count * FACTORS)],
    dots: [...arena.integers(dots, count)],
    distances: [...arena.shorts(distances, count)],
    histogram: [...arena.words(histogram, width + 1)],
    split: vectors.map((_, slot) => [fronts, rests].map((rows) => copy(rows.address(slot), rows.width))),
    fronts: [...arena.shorts(frontDistances, count), ...arena.words(splitHistogram, 129)],
    near,
    reached,
    terms: code.terms,
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
