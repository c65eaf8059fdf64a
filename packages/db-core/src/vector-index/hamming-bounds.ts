const known = new Map<string, Float32Array>();

/**
 * Returns, by the number of bits in which two one-bit codes differ, the largest cosine that the angle between their
 * vectors may have.
 *
 * Each bit differs with the same chance, that of the angle between both (Charikar 2002, "Similarity estimation techniques
 * from rounding algorithms"): a binomial count. The bound is that of Clopper and Pearson (1934), whatever the angle, in the
 * approximation of Pratt (1968), which is off by less than a hundredth of the chance.
 *
 * @param bits - the number of bits of the codes
 * @param sigmas - the confidence that the cosine is not larger, in standard deviations of the normal distribution
 */
export function cosinesByDistance(bits: number, sigmas: number): Float32Array {
  const name = `${bits} ${sigmas}`;
  const cosines =
    known.get(name) ??
    Float32Array.from({ length: bits + 1 }, (_, distance) => Math.cos(Math.PI * leastChance(distance, bits, sigmas)));
  known.set(name, cosines);
  return cosines;
}

/** The least chance of a success with which so many of the trials are no surprise. */
function leastChance(successes: number, trials: number, sigmas: number): number {
  if (successes === 0) return 0;
  const failures = trials - successes + 1;
  const squaredSigmas = sigmas ** 2;
  const root = Math.sqrt(9 * failures * successes * (9 * trials + 5 - squaredSigmas) + trials + 1);
  const above = 81 * failures * successes - 9 * trials - 8 - 3 * sigmas * root;
  const below = 81 * failures ** 2 - 9 * failures * (2 + squaredSigmas) + 1;
  return Math.max(0, 1 - 1 / (1 + (failures / successes) ** 2 * (above / below) ** 3));
}
