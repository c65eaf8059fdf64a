// The inner loops of vector search, in AssemblyScript (https://www.assemblyscript.org): `pnpm kernels` compiles this file and
// those beside it into src/vector-index/kernels/wasm-module.ts. Every function has a twin in plain-kernels.ts that gives the
// same results, bit for bit; where they look alike, they are meant to.
export { dotNibbles, quantize, rotate } from './codes';
export { keepWord, keepWords } from './keywords';
export { hamming, hammingFronts, splitFronts, within, withinReach } from './one-bit-codes';
