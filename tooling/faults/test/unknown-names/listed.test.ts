import { findPartsParameters } from '@codebuddy/checks/public-parameters';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { analyticsModule } from '../../src/public-calls/analytics.ts';
import { cacheModule } from '../../src/public-calls/cache.ts';
import { coreModule } from '../../src/public-calls/core.ts';
import { embeddingsModule } from '../../src/public-calls/embeddings.ts';
import { integrationModule } from '../../src/public-calls/integration.ts';
import { memoryModule } from '../../src/public-calls/memory.ts';
import { migrateModule } from '../../src/public-calls/migrate.ts';
import type { PublicModule } from '../../src/public-calls/public-object.ts';
import { sessionsModule } from '../../src/public-calls/sessions.ts';

const modules = {
  'db-core': coreModule,
  'db-memory': memoryModule,
  'db-sessions': sessionsModule,
  'db-embeddings': embeddingsModule,
  'db-analytics': analyticsModule,
  'db-cache': cacheModule,
  'db-migrate': migrateModule,
  'db-integration': integrationModule,
};

/** Counts the objects, or lists of them, that each listed call is given. */
async function objectsGiven({ objects, functions }: PublicModule): Promise<Map<string, number>> {
  const given = new Map<string, number>();
  for (const [name, make] of Object.entries({ ...objects, '': functions })) {
    using place = await temporaryDatabase();
    const { calls } = await make(place);
    for (const [call, args] of Object.entries(calls)) {
      given.set(name === '' ? call : `${name}.${call}`, args.filter(isObjectOrList).length);
    }
  }
  return given;
}

function isObjectOrList(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isObjectOrList);
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

it.each(Object.entries(modules))('gives each call of %s every object that it takes', async (name, module) => {
  const given = await objectsGiven(module);
  const wanted = Map.groupBy(findPartsParameters(name), ({ call }) => call);
  // What a package passes on from another one is tried there.
  const own = Array.from(wanted).filter(([call]) => [...given.keys()].some((each) => ownerOf(each) === ownerOf(call)));
  expect(own.length).toBeGreaterThan(name === 'db-migrate' ? 1 : 6);
  const missing = own.filter(([call, parameters]) => (given.get(call) ?? 0) < parameters.length);
  expect(missing.map(([call]) => call)).toEqual([]);
});

/** The class of a call, or the name of a function. */
function ownerOf(call: string): string {
  return call.replace(/^new /, '').replace(/\..*$/, '');
}
