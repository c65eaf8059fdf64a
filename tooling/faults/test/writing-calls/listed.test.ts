import { hash } from 'node:crypto';
import { type Database, DatabaseError, getDatabaseManager } from '@codebuddy/db-core';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { resetDatabaseSystem } from '@codebuddy/db-integration';
import { afterEach, describe, expect, it } from 'vitest';
import { callByName } from '../../src/call-by-name.ts';
import { analyticsModule } from '../../src/public-calls/analytics.ts';
import { cacheModule } from '../../src/public-calls/cache.ts';
import { coreModule } from '../../src/public-calls/core.ts';
import { embeddingsModule } from '../../src/public-calls/embeddings.ts';
import { integrationModule } from '../../src/public-calls/integration.ts';
import { memoryModule } from '../../src/public-calls/memory.ts';
import { migrateModule } from '../../src/public-calls/migrate.ts';
import type { PublicObject } from '../../src/public-calls/public-object.ts';
import { sessionsModule } from '../../src/public-calls/sessions.ts';
import { calledName, READING_METHODS, WRITING_CALLS } from '../../src/writing-calls/index.ts';

const modules = [
  coreModule,
  memoryModule,
  sessionsModule,
  embeddingsModule,
  analyticsModule,
  cacheModule,
  migrateModule,
  integrationModule,
];
const objects = modules.flatMap((each) => Object.entries(each.objects));
const written = new Set(Object.keys(WRITING_CALLS).map(calledName));

afterEach(resetDatabaseSystem);

function methodsOf(name: string, { target }: PublicObject): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(target))
    .filter((method) => method !== 'constructor')
    .map((method) => `${name}.${method}`);
}

/** Hashes of the contents of the test's database and of the process's. */
function contentsOf(db: Database): ReadonlyMap<Database, string> {
  const manager = getDatabaseManager();
  const databases = manager.isInitialized() ? [db, manager.getDatabase()] : [db];
  return new Map(databases.map((each) => [each, hash('sha1', each.serialize())]));
}

/** The names of the calls that change something when they are given what they are meant to take. */
async function findWriting(db: Database, { target, calls }: PublicObject): Promise<string[]> {
  const writing: string[] = [];
  for (const [name, args] of Object.entries(calls)) {
    const before = contentsOf(db);
    await make(target, name, args);
    const isChanged = Array.from(contentsOf(db)).some(([each, now]) => (before.get(each) ?? now) !== now);
    if (isChanged) writing.push(name);
  }
  return writing;
}

/** Some calls are meant for a row that is not there. */
async function make(target: object, name: string, args: readonly unknown[]): Promise<void> {
  try {
    const result: unknown = await callByName(target, name, args);
    const isIterator = typeof result === 'object' && result !== null && 'next' in result;
    if (isIterator && typeof result.next === 'function') await result.next();
  } catch (error) {
    if (!DatabaseError.isInstance(error)) throw error;
  }
}

describe('the list of writing calls', () => {
  it('holds every public method that is not known to read, and none that is gone', async () => {
    const methods: string[] = [];
    for (const [name, make] of objects) {
      using place = await temporaryDatabase();
      methods.push(...methodsOf(name, await make(place)));
    }
    const listed = [...written, ...READING_METHODS];
    expect(methods.filter((method) => !listed.includes(method))).toEqual([]);
    expect(listed.filter((name) => name.includes('.') && !methods.includes(name))).toEqual([]);
    expect(READING_METHODS.filter((name) => written.has(name))).toEqual([]);
  });

  it('takes nothing for reading that changes the database', async () => {
    const found: string[] = [];
    for (const [name, make] of objects) {
      using place = await temporaryDatabase();
      const object = await make(place);
      found.push(...(await findWriting(place.db, object)).map((method) => `${name}.${method}`));
    }
    expect(found.length).toBeGreaterThan(50);
    expect(found.filter((name) => !written.has(name))).toEqual([]);
  });

  it('holds every exported function that writes', async () => {
    const found: string[] = [];
    for (const { functions } of modules) {
      using place = await temporaryDatabase();
      const { target, calls } = functions(place);
      const names = Object.keys(calls).filter((name) => !name.startsWith('new ') && !name.endsWith('.create'));
      const functionCalls = Object.fromEntries(names.map((name) => [name, calls[name] ?? []]));
      found.push(...(await findWriting(place.db, { target, calls: functionCalls })));
    }
    expect(found.filter((name) => !written.has(name))).toEqual([]);
  });
});
