import type { JsonValue, RepairLearning } from '@codebuddy/db-core';

/** Adds up what is known of a strategy under several patterns of one error, so that it is recommended once. */
export function pooled(repairs: readonly RepairLearning[], keptExamples: number): RepairLearning[] {
  const pools = new Map<string, RepairLearning>();
  for (const repair of repairs) {
    const key = JSON.stringify([repair.strategy, repair.context_hash ?? null]);
    const known = pools.get(key);
    pools.set(key, known === undefined ? repair : together(known, repair, keptExamples));
  }
  return [...pools.values()];
}

/** What two patterns differ in is told of the one that was used last. */
function together(one: RepairLearning, other: RepairLearning, keptExamples: number): RepairLearning {
  const [earlier, later] = one.last_used <= other.last_used ? [one, other] : [other, one];
  const successes = one.success_count + other.success_count;
  const failures = one.failure_count + other.failure_count;
  const tries = successes + failures;
  const attempts = [one, other].map((repair) => repair.avg_attempts * (repair.success_count + repair.failure_count));
  const examples: JsonValue[] = [...(earlier.examples ?? []), ...(later.examples ?? [])];
  return {
    ...earlier,
    ...later,
    success_count: successes,
    failure_count: failures,
    success_rate: tries === 0 ? 0 : successes / tries,
    avg_attempts: tries === 0 ? later.avg_attempts : attempts.reduce((sum, value) => sum + value, 0) / tries,
    created_at: (one.created_at < other.created_at ? one : other).created_at,
    ...(examples.length === 0 ? {} : { examples: examples.slice(-keptExamples) }),
  };
}
