import { getCallSites } from 'node:util';

/**
 * Returns the path or the address of the code that calls this, wherever a bundler has put it. `import.meta.url` would be empty in
 * a bundle that is CommonJS, and a syntax error in what a test runner makes CommonJS of.
 */
export function callerPlace(): string | undefined {
  return getCallSites(2, { sourceMap: false })[1]?.scriptName;
}
