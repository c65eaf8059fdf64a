import { basename } from 'node:path';
import { tally } from '@codebuddy/figures';
import { expect } from 'vitest';
import { IS_LONG } from './scale.ts';

/**
 * Prints what a test has counted, and keeps it for docs/how-it-is-tested.md, which `pnpm figures` fills in.
 *
 * @param name - of the entry; those of the long run end in `-long`
 * @param title - what the test does, as a noun: `kills of a process that writes`
 * @param counts - by what is counted, in the plural: `{ kills: 140, lost: 0 }`
 */
export function count(name: string, title: string, counts: Readonly<Record<string, number>>): void {
  const told = Object.entries(counts).map(([label, number]) => `${number.toLocaleString('en-US')} ${label}`);
  console.log(`${title}: ${told.join(', ')}`);
  const command = `pnpm --filter @codebuddy/faults ${IS_LONG ? 'test:long' : 'test'}`;
  tally(IS_LONG ? `${name}-long` : name, { title, command, counts });
}

/** Returns the name of the test file that runs, such as `cache`. */
export function testFile(): string {
  return basename(expect.getState().testPath ?? '', '.test.ts');
}
