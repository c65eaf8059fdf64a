/** CommonJS has this name, and so has a program that was bundled as such. */
declare const __filename: string | undefined;

/** Returns the path or the address of this package's code, wherever a bundler has put it. */
export async function ownPlace(): Promise<string | undefined> {
  return typeof __filename === 'string' ? __filename : (await import('./own-url.ts')).ownUrl;
}
