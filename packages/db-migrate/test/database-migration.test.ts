import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseMigration, type MigrationResult } from '../src/index.ts';
import { LegacyHome } from './support/legacy-home.ts';

describe('DatabaseMigration', () => {
  let legacy: LegacyHome;
  beforeEach(async () => {
    legacy = await LegacyHome.open();
  });
  afterEach(() => legacy[Symbol.dispose]());

  const withoutDuration = ({ duration: _, files, ...result }: MigrationResult) => ({
    ...result,
    files: files.map(({ renamedTo: __, ...file }) => file),
  });

  it('imports an install whole, says so, and has nothing to do the second time', async () => {
    const expected = writeLegacyInstall(legacy.home.path, { memories: 450, sessions: 30 });
    expect(legacy.migration().needsMigration()).toBe(true);
    const first = await legacy.migrate();
    expect(first).toMatchObject({
      success: true,
      migratedItems: {
        memories: expected.memories,
        sessions: expected.sessions,
        cache: expected.cache,
        analytics: expected.analytics,
      },
      messages: expected.messages,
      errors: [],
      notMigrated: [],
    });
    expect(legacy.analytics.getTotalCost()).toBe(expected.cost);
    expect(legacy.cache.getStats()).toMatchObject({
      totalEntries: expected.cache,
      byCategory: { migrated: expected.cache },
    });
    expect(legacy.memories.getStats().total).toBe(expected.memories);
    expect(legacy.sessions.getStats()).toMatchObject({
      totalSessions: expected.sessions,
      totalMessages: expected.messages,
    });
    expect(legacy.migration().needsMigration()).toBe(false);

    const dump = () =>
      legacy.database.db
        .prepare('SELECT * FROM memories, (SELECT sum(cost_nanos) FROM analytics), (SELECT sum(hits) FROM cache)')
        .all();
    const before = dump();
    expect(await legacy.migrate()).toMatchObject({
      success: true,
      migratedItems: { memories: 0, sessions: 0, cache: 0, analytics: 0 },
      messages: 0,
    });
    expect(dump()).toEqual(before);
    expect(legacy.sessions.getStats().totalMessages).toBe(expected.messages);
  });

  it('tells on a dry run exactly what a run would do, and stores nothing', async () => {
    writeLegacyInstall(legacy.home.path);
    legacy.writeBrokenEntries();
    const dry = await legacy.migrate({ dryRun: true });
    expect(legacy.database.manager.getDatabaseStats()).toMatchObject({ memoriesCount: 0, sessionsCount: 0 });
    expect(legacy.migration().needsMigration()).toBe(true);
    const real = await legacy.migrate();
    expect(withoutDuration(dry)).toEqual(withoutDuration(real));
    expect(withoutDuration(await legacy.migrate({ dryRun: true }))).toEqual(withoutDuration(await legacy.migrate()));
  });

  it('takes no word for a dry run but true', () => {
    const almost: object = { dryRun: 'true' };
    expect(() => new DatabaseMigration({}, almost)).toThrow(/Invalid dryRun/);
  });

  it('renames a file only when all of it is stored, and over no other file', async () => {
    writeLegacyInstall(legacy.home.path, { memories: 3, sessions: 2 });
    legacy.write('sessions/wrong-role.json', { id: 'w', messages: [{ role: 'robot' }] });
    writeFileSync(legacy.home.join('memories.json.migrated'), 'from an earlier import');
    const { files } = await legacy.migrate({ deleteAfterMigration: true });
    expect(files.map(({ renamedTo }) => renamedTo?.slice(legacy.home.path.length + 1))).toEqual([
      'memories.json.migrated.2',
      'sessions/session-0.json.migrated',
      'sessions/session-1.json.migrated',
      undefined,
      'cache/semantic-cache.json.migrated',
      'cost-history.json.migrated',
    ]);
    expect(readFileSync(legacy.home.join('memories.json.migrated'), 'utf8')).toBe('from an earlier import');
    expect(readdirSync(legacy.home.join('sessions')).sort()).toEqual([
      'session-0.json.migrated',
      'session-1.json.migrated',
      'wrong-role.json',
    ]);
    expect(existsSync(legacy.home.join('cost-history.json'))).toBe(false);
    expect(legacy.migration().needsMigration()).toBe(false);
  });

  it('renames nothing when the database lost what it was given', async () => {
    writeLegacyInstall(legacy.home.path, { memories: 5, sessions: 1 });
    const forgetful = {
      importMemories: (records: readonly unknown[]) => records.map(() => 'inserted' as const),
      locateMemories: (records: readonly unknown[]) => records.map(() => null),
      mergeMemories: () => undefined,
    };
    const result = await new DatabaseMigration(
      { memories: forgetful },
      { home: legacy.home.path, deleteAfterMigration: true },
    ).migrate();
    expect(result.errors).toHaveLength(5);
    expect(result.errors[0]).toMatch(/entry 1: it is not stored as it was read$/);
    expect(existsSync(legacy.home.join('memories.json'))).toBe(true);
  });

  it('imports the memories of a project under the project', async () => {
    using project = new TemporaryFolder();
    mkdirSync(project.join('.codebuddy'));
    writeFileSync(
      project.join('.codebuddy', 'memories.json'),
      JSON.stringify([{ type: 'fact', content: 'of the project' }]),
    );
    await legacy.migrate({ projects: [project.path] });
    const name = project.path.slice(project.path.lastIndexOf('/') + 1);
    expect(legacy.memories.find({ scope: 'project', projectId: name }).map(({ content }) => content)).toEqual([
      'of the project',
    ]);
  });

  it('tells how far it has come', async () => {
    writeLegacyInstall(legacy.home.path, { memories: 2_050, sessions: 2 });
    const run = legacy.migration();
    const steps: string[] = [];
    run.on('progress', ({ phase, status, count }) => steps.push(`${phase} ${status} ${count ?? ''}`.trim()));
    run.on('advance', ({ phase, entries, bytes, totalBytes }) => {
      expect(bytes).toBeLessThanOrEqual(totalBytes);
      steps.push(`${phase} ${entries}`);
    });
    run.on('complete', ({ success }) => steps.push(`complete ${success}`));
    await run.migrate();
    expect(steps).toEqual([
      'memories starting',
      'memories 1000',
      'memories 2000',
      'memories 2050',
      'memories complete 2050',
      'sessions starting',
      'sessions 1',
      'sessions 2',
      'sessions complete 2',
      'cache starting',
      'cache 40',
      'cache complete 30',
      'analytics starting',
      'analytics 47',
      'analytics complete 47',
      'complete true',
    ]);
  });

  it('looks for the home folder when asked, and logs what it does where wanted', async () => {
    vi.stubEnv('HOME', legacy.home.path);
    mkdirSync(legacy.home.join('.codebuddy'));
    writeFileSync(legacy.home.join('.codebuddy', 'memories.json'), '[{"type":"fact","content":"at home"}]');
    const lines: string[] = [];
    const run = new DatabaseMigration(
      { memories: legacy.memories },
      { verbose: true, log: (line) => lines.push(line) },
    );
    expect(run.getMigrationStatus()).toMatchObject({
      needsMigration: true,
      files: [{ exists: true, size: 37 }, ...Array.from({ length: 4 }, () => ({ exists: false }))],
    });
    await run.migrate();
    expect(lines).toEqual(['memories: starting', 'memories: 1 imported']);
  });

  it('leaves alone what has no target, and says so', async () => {
    writeLegacyInstall(legacy.home.path, { memories: 2, sessions: 1 });
    const result = await new DatabaseMigration(
      { memories: legacy.memories },
      { home: legacy.home.path, deleteAfterMigration: true },
    ).migrate();
    expect(result.notMigrated.map((path) => path.slice(legacy.home.path.length + 1))).toEqual([
      'sessions/session-0.json',
      'cache/semantic-cache.json',
      'cost-history.json',
    ]);
    expect(result.success).toBe(true);
    expect(existsSync(legacy.home.join('cost-history.json'))).toBe(true);
  });

  it('finds nothing to do where there is nothing', async () => {
    expect(legacy.migration().getMigrationStatus()).toMatchObject({ needsMigration: false });
    expect(await legacy.migrate()).toMatchObject({ success: true, files: [], errors: [] });
  });
});
