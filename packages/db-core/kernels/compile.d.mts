/** Returns the WebAssembly of the kernels. */
export function compileKernels(): Promise<Uint8Array>;
