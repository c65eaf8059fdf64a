import { type LinearMemory, pageBits, type VectorKernels } from './vector-kernels.ts';

const MAX_MEMORY_BYTES = 2 ** 32 - 2 ** 16;

/** The kernels in TypeScript, for engines without WebAssembly: the same results, bit for bit, and many times slower. */
export class PlainKernels implements VectorKernels {
  readonly memory: LinearMemory = new PlainMemory();

  hamming(
    list: number,
    count: number,
    pages: number,
    width: number,
    query: number,
    known: number,
    distances: number,
    histogram: number,
  ): void {
    const words = new Uint32Array(this.memory.buffer);
    const shorts = new Uint16Array(this.memory.buffer);
    for (let i = 0; i < count; i++) {
      const bits1 = this.#row(words, pages, slotAt(words, list, i), width) >>> 2;
      let distance = known === 0 ? 0 : (shorts[(known >> 1) + i] ?? 0);
      for (let word = 0; word < width >> 2; word++) {
        distance += bitCount((words[bits1 + word] ?? 0) ^ (words[(query >> 2) + word] ?? 0));
      }
      distance = Math.min(distance, 0xffff);
      shorts[(distances >> 1) + i] = distance;
      const bin = (histogram >> 2) + distance;
      words[bin] = (words[bin] ?? 0) + 1;
    }
  }

  hammingFronts(count: number, pages: number, query: number, distances: number, histogram: number): void {
    const words = new Uint32Array(this.memory.buffer);
    const shorts = new Uint16Array(this.memory.buffer);
    for (let i = 0; i < count; i++) {
      const bits1 = this.#row(words, pages, i, 16) >>> 2;
      let distance = 0;
      for (let word = 0; word < 4; word++) {
        distance += bitCount((words[bits1 + word] ?? 0) ^ (words[(query >> 2) + word] ?? 0));
      }
      shorts[(distances >> 1) + i] = distance;
      const bin = (histogram >> 2) + distance;
      if ((i & 3) === 0) words[bin] = (words[bin] ?? 0) + 1;
    }
  }

  splitFronts(codes: number, first: number, count: number, width: number, fronts: number, rests: number): void {
    const words = new Uint32Array(this.memory.buffer);
    const bytes = new Uint8Array(this.memory.buffer);
    for (let i = 0; i < count; i++) {
      const code = codes + i * width;
      bytes.copyWithin(this.#row(words, fronts, first + i, 16), code, code + 16);
      if (width > 16) bytes.copyWithin(this.#row(words, rests, first + i, width - 16), code + 16, code + width);
    }
  }

  within(list: number, count: number, distances: number, farthest: number, kept: number): number {
    const words = new Uint32Array(this.memory.buffer);
    const shorts = new Uint16Array(this.memory.buffer);
    let size = 0;
    for (let i = 0; i < count; i++) {
      if ((shorts[(distances >> 1) + i] ?? 0) <= farthest) words[(kept >> 2) + size++] = slotAt(words, list, i);
    }
    return size;
  }

  withinReach(
    list: number,
    count: number,
    distances: number,
    farthest: number,
    cosines: number,
    lengths: number,
    queryLength: number,
    least: number,
    kept: number,
    keptDistances: number,
  ): number {
    const words = new Uint32Array(this.memory.buffer);
    const shorts = new Uint16Array(this.memory.buffer);
    const floats = new Float32Array(this.memory.buffer);
    let size = 0;
    for (let i = 0; i < count; i++) {
      const distance = shorts[(distances >> 1) + i] ?? 0;
      if (distance > farthest) continue;
      const slot = slotAt(words, list, i);
      const length = floats[this.#row(words, lengths, slot, 4) >> 2] ?? 0;
      const cosine = floats[(cosines >> 2) + distance] ?? 0;
      words[(kept >> 2) + size] = slot;
      shorts[(keptDistances >> 1) + size] = distance;
      if (length * (queryLength * cosine - 0.5 * length) >= least) size++;
    }
    return size;
  }

  keepWord(list: number, count: number, pages: number, word: number, kept: number): number {
    return this.#keep(list, count, pages, kept, (other) => other === word);
  }

  keepWords(list: number, count: number, pages: number, wanted: number, kept: number): number {
    const isWanted = new Uint8Array(this.memory.buffer, wanted);
    return this.#keep(list, count, pages, kept, (word) => isWanted[word] === 1);
  }

  #keep(list: number, count: number, pages: number, kept: number, passes: (word: number) => boolean): number {
    const words = new Uint32Array(this.memory.buffer);
    let size = 0;
    for (let i = 0; i < count; i++) {
      const slot = slotAt(words, list, i);
      if (passes(words[this.#row(words, pages, slot, 4) >> 2] ?? 0)) words[(kept >> 2) + size++] = slot;
    }
    return size;
  }

  dotNibbles(list: number, count: number, pages: number, width: number, query: number, dots: number): void {
    const words = new Uint32Array(this.memory.buffer);
    const codes = new Uint8Array(this.memory.buffer);
    const numbers = new Int8Array(this.memory.buffer);
    const sums = new Int32Array(this.memory.buffer);
    for (let i = 0; i < count; i++) {
      const row = this.#row(words, pages, slotAt(words, list, i), width);
      let sum = 0;
      for (let byte = 0; byte < width; byte++) {
        const pair = codes[row + byte] ?? 0;
        const address = query + (byte & ~15) * 2 + (byte & 15);
        sum += (pair & 15) * (numbers[address] ?? 0) + (pair >> 4) * (numbers[address + 16] ?? 0);
      }
      sums[(dots >> 2) + i] = sum;
    }
  }

  rotate(vector: number, dimensions: number, signs: number, rounds: number): void {
    const numbers = new Float32Array(this.memory.buffer, vector, dimensions);
    const signRows = new Float32Array(this.memory.buffer, signs, dimensions * rounds);
    let span = 128;
    while (span * 2 <= dimensions) span *= 2;
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < dimensions; i++) {
        numbers[i] = (numbers[i] ?? 0) * (signRows[round * dimensions + i] ?? 0);
      }
      hadamard(numbers.subarray(0, span));
      if (span < dimensions) hadamard(numbers.subarray(dimensions - span));
    }
  }

  quantize(
    vector: number,
    dimensions: number,
    front: number,
    rest: number,
    high: number,
    low: number,
    factors: number,
  ): void {
    const bytes = new Uint8Array(this.memory.buffer);
    const words = new Uint32Array(this.memory.buffer);
    const numbers = new Float32Array(this.memory.buffer, vector, dimensions);
    let largest = 0;
    for (const number of numbers) largest = Math.max(largest, Math.abs(number));
    const step = Math.fround(largest / 127.5);
    const perUnit = step > 0 ? Math.fround(1 / step) : 0;
    let squares = 0;
    let squares4 = 0;
    let squares8 = 0;
    let dot4 = 0;
    let dot8 = 0;
    for (let i = 0; i < dimensions; i++) {
      const number = numbers[i] ?? 0;
      const scaled = Math.fround(Math.fround(number * perUnit) + 128);
      const code = Math.min(Math.max(Math.floor(scaled), 0), 255);
      const word = i < 128 ? (front >> 2) + (i >> 5) : (rest >> 2) + ((i - 128) >> 5);
      const bit = (code >> 7) << (i & 31);
      words[word] = (i & 31) === 0 ? bit : (words[word] ?? 0) | bit;
      const steps4 = (code & 240) - 120;
      const steps8 = code - 127.5;
      squares += number * number;
      squares4 += steps4 * steps4;
      squares8 += steps8 * steps8;
      dot4 += number * steps4;
      dot8 += number * steps8;
      const byte = ((i >> 5) << 4) + (i & 15);
      const half = i & 16 ? 4 : 0;
      bytes[high + byte] = half === 0 ? code >> 4 : (bytes[high + byte] ?? 0) | ((code >> 4) << 4);
      bytes[low + byte] = half === 0 ? code & 15 : (bytes[low + byte] ?? 0) | ((code & 15) << 4);
    }
    const length = Math.sqrt(squares);
    const parts = (squaredSteps: number, dot: number) => {
      const along = length > 0 ? dot / length : 0;
      return [along, Math.sqrt(Math.max(squaredSteps - along * along, 0))];
    };
    const stored = new Float32Array(this.memory.buffer, factors, 6);
    stored[0] = length;
    stored.set([...parts(squares4, dot4), ...parts(squares8, dot8)], 2);
  }

  #row(words: Uint32Array, pages: number, slot: number, width: number): number {
    const bits = pageBits(width);
    return (words[(pages >> 2) + (slot >>> bits)] ?? 0) + (slot & ((1 << bits) - 1)) * width;
  }
}

function slotAt(words: Uint32Array, list: number, index: number): number {
  return list === 0 ? index : (words[(list >> 2) + index] ?? 0);
}

/** A buffer that grows in place: address space is set aside, and bytes are taken as they are needed. */
class PlainMemory implements LinearMemory {
  readonly buffer = new ArrayBuffer(2 ** 16, { maxByteLength: MAX_MEMORY_BYTES });

  grow(bytes: number): void {
    if (bytes > this.buffer.byteLength) this.buffer.resize(bytes);
  }
}

function hadamard(numbers: Float32Array): void {
  const span = numbers.length;
  for (let half = 1; half < span; half *= 2) {
    for (let start = 0; start < span; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const a = numbers[i] ?? 0;
        const b = numbers[i + half] ?? 0;
        numbers[i] = a + b;
        numbers[i + half] = a - b;
      }
    }
  }
  const scale = Math.fround(1 / Math.fround(Math.sqrt(span)));
  for (let i = 0; i < span; i++) numbers[i] = (numbers[i] ?? 0) * scale;
}

/** Counts the bits of a word side by side (Warren, "Hacker's Delight", 5-1). */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
