/** Random choices that are the same for the same seed. */
export interface SeededRandom {
  /** From 0 up to 1. */
  fraction(): number;
  /** An integer from 0 up to, not including, `end`. */
  below(end: number): number;
  pick<Value>(list: readonly [Value, ...Value[]]): Value;
}

/** A linear congruential generator with the constants of Knuth's MMIX: small, and good enough to choose sentences. */
export function seededRandom(seed: number): SeededRandom {
  let state = BigInt(seed);
  const fraction = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 11n) / 2 ** 53;
  };
  const below = (end: number) => Math.floor(fraction() * end);
  return { fraction, below, pick: (list) => list[below(list.length)] ?? list[0] };
}
