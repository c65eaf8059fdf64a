import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { expect, it } from 'vitest';
import type { MigrationResult } from '../src/index.ts';
import { LegacyHome } from './support/legacy-home.ts';

const IMPORTER = fileURLToPath(new URL('./support/import-home.ts', import.meta.url));

function report(importer: ChildProcess): Promise<MigrationResult> {
  return new Promise((resolve, reject) => {
    importer.once('message', (message: MigrationResult) => resolve(message));
    importer.once('exit', (code) => reject(new Error(`an importer ended with ${code} before it reported`)));
  });
}

it('two processes that import one folder at once store each entry once, and rename each file', async () => {
  using legacy = await LegacyHome.open();
  const expected = writeLegacyInstall(legacy.home.path, { memories: 1_500, sessions: 120, cacheEntries: 100 });
  const importers = [1, 2].map(() => fork(IMPORTER, [legacy.database.path, legacy.home.path], { execArgv: [] }));
  await Promise.all(importers.map((importer) => once(importer, 'message')));
  const results = await Promise.all(
    importers.map((importer) => {
      importer.send('go');
      return report(importer);
    }),
  );
  expect(results.map(({ errors }) => errors)).toEqual([[], []]);
  const sum = (count: (result: MigrationResult) => number) => results.reduce((total, each) => total + count(each), 0);
  expect(sum(({ migratedItems }) => migratedItems.memories)).toBe(expected.memories);
  expect(sum(({ migratedItems }) => migratedItems.sessions)).toBe(expected.sessions);
  expect(sum(({ migratedItems }) => migratedItems.cache)).toBe(expected.cache);
  expect(sum(({ migratedItems }) => migratedItems.analytics)).toBe(expected.analytics);
  expect(sum(({ messages }) => messages)).toBe(expected.messages);
  expect(legacy.memories.getStats().total).toBe(expected.memories);
  expect(legacy.sessions.getStats()).toMatchObject({
    totalSessions: expected.sessions,
    totalMessages: expected.messages,
  });
  expect(legacy.analytics.getTotalCost()).toBeCloseTo(expected.cost, 6);
  expect(readdirSync(legacy.home.path, { recursive: true }).filter((name) => `${name}`.endsWith('.json'))).toEqual([]);
}, 120_000);
