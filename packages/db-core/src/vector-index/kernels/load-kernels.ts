import { PlainKernels } from './plain-kernels.ts';
import type { LinearMemory, VectorKernels } from './vector-kernels.ts';
import { WASM_BASE64 } from './wasm-module.ts';

const PAGE_BYTES = 2 ** 16;

let compiled: WebAssembly.Module | null | undefined;

/** Makes kernels with a memory of their own: in WebAssembly if the engine has it with SIMD, in TypeScript elsewhere. */
export function loadKernels(): VectorKernels {
  compiled ??= compile();
  return compiled === null ? new PlainKernels() : instantiate(compiled);
}

function compile(): WebAssembly.Module | null {
  if (typeof WebAssembly === 'undefined') return null;
  const bytes = Buffer.from(WASM_BASE64, 'base64');
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

function instantiate(module: WebAssembly.Module): VectorKernels {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernel = (name: string) => {
    const found = exports[name];
    if (typeof found !== 'function') throw new Error(`wasm-module.ts lacks ${name}: run pnpm kernels`);
    return found;
  };
  const hamming = kernel('hamming');
  const hammingFronts = kernel('hammingFronts');
  const splitFronts = kernel('splitFronts');
  const within = kernel('within');
  const withinReach = kernel('withinReach');
  const keepWord = kernel('keepWord');
  const keepWords = kernel('keepWords');
  const dotNibbles = kernel('dotNibbles');
  const rotate = kernel('rotate');
  const quantize = kernel('quantize');
  return {
    memory: new WasmMemory(memory),
    hamming: (...addresses) => void hamming(...addresses),
    hammingFronts: (...addresses) => void hammingFronts(...addresses),
    splitFronts: (...addresses) => void splitFronts(...addresses),
    within: (...addresses) => Number(within(...addresses)),
    withinReach: (...addresses) => Number(withinReach(...addresses)),
    keepWord: (...addresses) => Number(keepWord(...addresses)),
    keepWords: (...addresses) => Number(keepWords(...addresses)),
    dotNibbles: (...addresses) => void dotNibbles(...addresses),
    rotate: (...addresses) => void rotate(...addresses),
    quantize: (...addresses) => void quantize(...addresses),
  };
}

class WasmMemory implements LinearMemory {
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  grow(bytes: number): void {
    const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) this.#memory.grow(missing);
  }
}
