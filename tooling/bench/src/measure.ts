/** One of the ways that are compared: does its work once, the n-th time. */
export interface Contender {
  readonly name: string;
  run(round: number): unknown;
}

/** Milliseconds that each contender took, the middle of all calls. */
export type Medians = ReadonlyMap<string, number>;

/**
 * Lets contenders take turns, so that what slows the machine down for a while slows all of them down.
 *
 * @param rounds - how often each has its turn; the first fifth, at least one, is not counted
 * @param calls - how often it does its work in a turn
 */
export async function takeTurns(contenders: readonly Contender[], rounds: number, calls = 1): Promise<Medians> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const warmUp = Math.max(1, Math.floor(rounds / 5));
  for (let round = 0; round < rounds + warmUp; round++) {
    for (const { name, run } of contenders) {
      for (let call = 0; call < calls; call++) {
        const start = performance.now();
        const result = run(round * calls + call);
        if (result instanceof Promise) await result;
        if (round >= warmUp) times.get(name)?.push(performance.now() - start);
      }
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

/** Measures something that can be done once only. */
export async function once(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
