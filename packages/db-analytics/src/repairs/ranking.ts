/** The record of a strategy. */
export interface Evidence {
  readonly successes: number;
  readonly failures: number;
  /** The time since it was last tried, in milliseconds. */
  readonly ageMs: number;
}

/** Evidence counts half after this long: tools and code bases change. */
const HALF_LIFE_MS = 90 * 86_400_000;

/** The two-sided 95 % quantile of the normal distribution. */
const Z = 1.96;

/**
 * Returns how much a strategy can be trusted, from 0 to 1: the lower bound of the Wilson score interval (Wilson 1927,
 * "Probable inference, the law of succession, and statistical inference") over evidence that halves every 90 days. One
 * success of one is worth 0.21, nine of ten 0.60: luck does not beat experience, and old experience fades.
 */
export function trustworthiness({ successes, failures, ageMs }: Evidence): number {
  const weight = 0.5 ** (Math.max(0, ageMs) / HALF_LIFE_MS);
  const tries = (successes + failures) * weight;
  if (tries === 0) return 0;
  const rate = successes / (successes + failures);
  const centre = rate + Z ** 2 / (2 * tries);
  const spread = Z * Math.sqrt((rate * (1 - rate) + Z ** 2 / (4 * tries)) / tries);
  return Math.max(0, (centre - spread) / (1 + Z ** 2 / tries));
}
