import { recall } from './contenders/exact-scan.ts';

const ENOUGH = 0.99;

/** Returns the least setting with a recall that is enough, or the last if none is. */
export async function leastThatFinds(
  settings: readonly number[],
  truth: readonly (readonly number[])[],
  search: (query: number, setting: number) => number[] | Promise<number[]>,
  enough = ENOUGH,
): Promise<number> {
  for (const setting of settings) {
    if ((await meanRecall(truth, (i) => search(i, setting))) >= enough) return setting;
  }
  return settings.at(-1) ?? 0;
}

/** Asks one question after the other, and returns the mean share of the right answers that was found. */
export async function meanRecall(
  truth: readonly (readonly number[])[],
  search: (query: number) => number[] | Promise<number[]>,
): Promise<number> {
  const found: number[][] = [];
  for (let i = 0; i < truth.length; i++) found.push(await search(i));
  return meanOf(found, truth);
}

/** Returns the mean share of the right answers among those that were found. */
export function meanOf(found: readonly (readonly number[])[], truth: readonly (readonly number[])[]): number {
  return truth.reduce((sum, expected, i) => sum + recall(found[i] ?? [], expected), 0) / truth.length;
}
