import fc from 'fast-check';
import { expect } from 'vitest';
import { expectToBe, names, type Step } from '../../src/models/histories.ts';

interface Sum {
  requests: number;
  tokens: number;
  nanos: number;
}

interface Tally {
  successes: number;
  failures: number;
}

interface Model {
  /** By day, project and model. */
  readonly days: Map<string, Sum>;
  /** By name and project. */
  readonly tools: Map<string, Tally>;
  /** By strategy. */
  readonly repairs: Map<string, Tally>;
}

const DAY_MS = 86_400_000;
const optional = fc.option(fc.constantFrom('x', 'y'), { nil: undefined });
const dates = fc.constantFrom('2025-12-30', '2025-12-31', '2026-01-01');
const keyOf = (...parts: readonly (string | undefined)[]) => JSON.stringify(parts);
const given = <Name extends string>(name: Name, value: string | undefined) =>
  value === undefined ? {} : { [name]: value };

function count(tallies: Map<string, Tally>, key: string, success: boolean): void {
  const tally = tallies.get(key) ?? { successes: 0, failures: 0 };
  if (success) tally.successes++;
  else tally.failures++;
  tallies.set(key, tally);
}

const record = fc
  .record({ date: dates, project: optional, model: optional, requests: fc.nat(3), nanos: fc.nat(1_000_000) })
  .map(
    ({ date, project, model: name, requests, nanos }): Step<Model> =>
      async (world, { days }) => {
        await world.call('analytics', 'recordAnalytics', {
          date,
          ...given('project_id', project),
          ...given('model', name),
          requests,
          tokens_in: 10 * requests,
          cost: nanos / 1e9,
        });
        const key = keyOf(date, project, name);
        const sum = days.get(key) ?? { requests: 0, tokens: 0, nanos: 0 };
        days.set(key, {
          requests: sum.requests + requests,
          tokens: sum.tokens + 10 * requests,
          nanos: sum.nanos + nanos,
        });
      },
  );

const removeOld = fc.constantFrom(0, 1, 2).map(
  (kept): Step<Model> =>
    async (world, { days }) => {
      const first = new Date(world.clock() - kept * DAY_MS).toISOString().slice(0, 10);
      const old = [...days.keys()].filter((key) => String(Object(JSON.parse(key))[0]) < first);
      expect(await world.call('analytics', 'deleteOldAnalytics', kept)).toBe(old.length);
      for (const key of old) days.delete(key);
    },
);

const useTool = fc.tuple(names, fc.boolean(), optional).map(
  ([tool, success, project]): Step<Model> =>
    async (world, { tools }) => {
      await world.call('analytics', 'recordToolUsage', tool, success, 5, undefined, project);
      count(tools, keyOf(tool, project), success);
    },
);

const repair = fc.tuple(names, fc.boolean()).map(
  ([strategy, success]): Step<Model> =>
    async (world, { repairs }) => {
      await world.call('analytics', 'recordRepairAttempt', 'pattern', 'compile', strategy, success, 1);
      count(repairs, strategy, success);
    },
);

expectToBe<Model>('analytics are plain sums', {
  start: () => ({ days: new Map(), tools: new Map(), repairs: new Map() }),
  steps: fc.oneof(record, removeOld, useTool, repair),
  compare({ repositories: { analytics } }, { days, tools, repairs }) {
    const rows = analytics
      .getAnalytics()
      .map((row) => [
        keyOf(row.date, row.project_id, row.model),
        { requests: row.requests, tokens: row.tokens_in, nanos: Math.round(row.cost * 1e9) },
      ]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(days));
    const total = [...days.values()].reduce((sum, { nanos }) => sum + nanos, 0);
    expect(Math.round(analytics.getTotalCost() * 1e9)).toBe(total);
    const used = analytics
      .getToolStats()
      .map((row) => [
        keyOf(row.tool_name, row.project_id),
        { successes: row.success_count, failures: row.failure_count },
      ]);
    expect(Object.fromEntries(used)).toEqual(Object.fromEntries(tools));
    const learned = analytics
      .getBestStrategies('pattern', {}, 10)
      .map((row) => [row.strategy, { successes: row.success_count, failures: row.failure_count }]);
    expect(Object.fromEntries(learned)).toEqual(Object.fromEntries(repairs));
  },
});
