import { seededRandom } from '@codebuddy/db-core/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/operations/index.ts';
import { type Finding, killOperation, pointsOf } from '../../src/operations/interrupt.ts';
import { UNMENDED } from '../../src/operations/unmended.ts';
import { IS_LONG, scaled } from '../../src/scale.ts';

const AT_RANDOM = scaled(1, 30);

/** Chooses the last points of three kinds in the short run, pragmas aside, and up to 300 points in the long one. */
function chosenPoints(points: readonly string[], next: () => number): number[] {
  const numbers = points.map((_, index) => index + 1);
  const lastOfKinds = Array.from(new Map(points.map((point, index) => [point, index + 1])).entries());
  const few = lastOfKinds.flatMap(([point, number]) => (point.startsWith('pragma') ? [] : [number]));
  const candidates = IS_LONG ? numbers : few;
  const order = new Map(candidates.map((number) => [number, next()]));
  return candidates.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).slice(0, scaled(3, 300));
}

describe.each(Object.entries(OPERATIONS))('%s, killed anywhere', (name, operation) => {
  const findings: Finding[] = [];

  beforeAll(
    async () => {
      const next = seededRandom(13);
      const points = await pointsOf(name, operation);
      for (const diesAt of chosenPoints(points, next)) findings.push(await killOperation(name, operation, { diesAt }));
      for (let kill = 0; kill < AT_RANDOM; kill++)
        findings.push(await killOperation(name, operation, { killAfterMs: next() * 150 }));
      if (IS_LONG) console.log(`${name}: ${findings.length} kills at ${points.length} points`);
    },
    scaled(120_000, 3_600_000),
  );

  it.skipIf(UNMENDED.states.includes(name))('leaves the old state or the new one', () => {
    expect(findings.filter(({ state }) => !['old', 'new'].includes(state))).toEqual([]);
  });

  it.skipIf(UNMENDED.leftovers.includes(name))(
    'is brought to its end by a later call, which clears away what was left',
    () => {
      expect(findings.filter(({ later, leftovers }) => later !== 'new' || leftovers.length > 0)).toEqual([]);
    },
  );
});
