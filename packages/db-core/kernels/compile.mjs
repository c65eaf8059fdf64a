// Compiles vector-kernels.ts and what it exports into ../src/vector-index/kernels/wasm-module.ts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const OUTPUT = new URL('../src/vector-index/kernels/wasm-module.ts', import.meta.url);
const OPTIONS = '-O3 --noAssert --runtime stub --importMemory --enable simd --enable relaxed-simd --converge';

/** Returns the WebAssembly of the kernels. */
export async function compileKernels() {
  let wasm;
  const { error, stderr } = await asc.main(['vector-kernels.ts', '--outFile', 'kernels.wasm', ...OPTIONS.split(' ')], {
    readFile: (name) => {
      const source = new URL(name, import.meta.url);
      return existsSync(source) ? readFileSync(source, 'utf8') : null;
    },
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') wasm = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || wasm === undefined) throw new Error(`The kernels don't compile: ${stderr}`, { cause: error });
  return wasm;
}

if (process.argv[1] === import.meta.filename) {
  const base64 = Buffer.from(await compileKernels()).toString('base64');
  writeFileSync(
    OUTPUT,
    `// Made from kernels/vector-kernels.ts by \`pnpm kernels\`; a test compares both.\nexport const WASM_BASE64 =\n  '${base64}';\n`,
  );
}
