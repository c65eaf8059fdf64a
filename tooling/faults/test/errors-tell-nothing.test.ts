import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { callByName } from '../src/call-by-name.ts';
import { CALLERS_OWN, everythingIn, MARKER, objectsOf, plantedCalls } from '../src/planted.ts';
import { analyticsModule } from '../src/public-calls/analytics.ts';
import { cacheModule } from '../src/public-calls/cache.ts';
import { coreModule } from '../src/public-calls/core.ts';
import { embeddingsModule } from '../src/public-calls/embeddings.ts';
import { integrationModule } from '../src/public-calls/integration.ts';
import { memoryModule } from '../src/public-calls/memory.ts';
import { migrateModule } from '../src/public-calls/migrate.ts';
import { sessionsModule } from '../src/public-calls/sessions.ts';

const modules = {
  analytics: analyticsModule,
  cache: cacheModule,
  core: coreModule,
  embeddings: embeddingsModule,
  integration: integrationModule,
  memory: memoryModule,
  migrate: migrateModule,
  sessions: sessionsModule,
};

it.each(Object.entries(modules))(
  'no error of %s tells what was given: not its message, its fields, its stack nor its causes',
  async (_, module) => {
    const told = new Set<string>();
    let refused = 0;
    for (const [object, make] of objectsOf(module)) {
      using place = await temporaryDatabase();
      const made = await make(place);
      for (const [name, args] of plantedCalls(made)) {
        // What the first call stored, the second meets.
        for (let time = 0; time < 2; time++) {
          const error = await failureOf(made.target, name, args);
          if (error === undefined || error === CALLERS_OWN) continue;
          refused++;
          const everything = everythingIn(error);
          if (everything.includes(MARKER)) told.add(`${object}.${name}: ${everything.slice(0, 200)}`);
        }
      }
    }
    expect([...told]).toEqual([]);
    expect(refused).toBeGreaterThan(100);
  },
  300_000,
);

async function failureOf(target: object, name: string, args: readonly unknown[]): Promise<unknown> {
  try {
    const result = await callByName(target, name, args);
    if (typeof result === 'object' && result !== null && 'next' in result && typeof result.next === 'function')
      await result.next();
    return undefined;
  } catch (error) {
    return error;
  }
}
