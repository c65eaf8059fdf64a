import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LegacyHome } from './support/legacy-home.ts';

describe('broken files and entries', () => {
  let legacy: LegacyHome;
  beforeEach(async () => {
    legacy = await LegacyHome.open();
  });
  afterEach(() => legacy[Symbol.dispose]());

  it('reports each broken entry by file, position and reason, and imports all others', async () => {
    const expected = writeLegacyInstall(legacy.home.path, { memories: 20, sessions: 3 });
    legacy.writeBrokenEntries();
    const result = await legacy.migrate();
    expect(result.success).toBe(false);
    expect(result.errors.map((error) => error.slice(legacy.home.path.length + 1))).toEqual([
      'memories.json: entry 23: it is not an object',
      'memories.json: entry 24: content is not a text',
      'memories.json: entry 25: importance is not a number from 0 to 1; createdAt is not an instant; tags is not a list of texts; metadata is not an object',
      'memories.json: entry 26: embedding is not a list of finite numbers',
      'sessions/cut-off.json: it is not JSON (position 15)',
      'sessions/empty.json: it is not JSON (it ends too early)',
      'sessions/list.json: it is not an object',
      'sessions/wrong-role.json: message 1: role is not one of user, assistant, system, tool',
      'cache/semantic-cache.json: entry 2: key is not a text',
      'cache/semantic-cache.json: entry 3: hits is not a whole number of at least 0; value is missing',
      'cost-history.json: day 2: it is not a day of the calendar',
      'cost-history.json: day 3: it is not a day of the calendar; its cost is not an amount of US dollars from 0 to 9,007,199',
      'cost-history.json: session 2: date is not a text',
    ]);
    expect(legacy.cache.keys()).toEqual(['good']);
    expect(legacy.analytics.getTotalCost()).toBe(4);
    expect(legacy.memories.getStats().total).toBe(expected.memories + 2);
    expect(legacy.memories.search('hostile').map(({ memory }) => memory.metadata)).toEqual([{ migratedFrom: 'json' }]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(legacy.memories.search('again').map(({ memory }) => memory.id)).toEqual([
      expect.stringMatching(/^memory-0-[0-9a-f]{12}$/),
    ]);
    expect(legacy.sessions.getMessages('wrong-role')).toMatchObject([
      { role: 'user', content: 'kept', operation_id: 'legacy:1' },
    ]);
    expect(legacy.sessions.getStats().totalSessions).toBe(expected.sessions + 1);
  });

  it('imports what is whole of a file that was cut off', async () => {
    const whole = JSON.stringify([1, 2, 3].map((i) => ({ content: `memory ${i}`, type: 'fact' })));
    legacy.write('memories.json', whole.slice(0, -10));
    const result = await legacy.migrate();
    expect(result.migratedItems.memories).toBe(2);
    expect(result.errors).toEqual([
      `${legacy.home.join('memories.json')}: entry 3: the file ends in the middle of the list`,
    ]);
  });

  it('refuses a session file that is too large to be read whole', async () => {
    legacy.write('sessions/s.json', { id: 's', messages: [{ role: 'user', content: 'x'.repeat(1_000) }] });
    const { errors } = await legacy.migrate({ maxFileBytes: 500 });
    expect(errors).toEqual([
      `${legacy.home.join('sessions/s.json')}: it is larger than 500 bytes; raise maxFileBytes to read it`,
    ]);
  });

  it('reads nothing through a link, to a file or a folder, or from a pipe', async () => {
    using outside = new TemporaryFolder();
    writeLegacyInstall(outside.path, { memories: 2, sessions: 2 });
    mkdirSync(legacy.home.join('sessions'));
    symlinkSync(outside.join('memories.json'), legacy.home.join('memories.json'));
    symlinkSync(outside.join('sessions', 'session-0.json'), legacy.home.join('sessions', 'link.json'));
    execFileSync('mkfifo', [legacy.home.join('sessions', 'pipe.json')]);
    mkdirSync(legacy.home.join('sessions', 'folder.json'));
    const result = await legacy.migrate({ deleteAfterMigration: true });
    expect(result.errors.map((error) => error.slice(legacy.home.path.length + 1)).sort()).toEqual([
      expect.stringMatching(/^memories\.json: memories\.json is a symbolic link/),
      expect.stringMatching(/^sessions\/folder\.json: sessions\/folder\.json is not a regular file/),
      expect.stringMatching(/^sessions\/link\.json: sessions\/link\.json is a symbolic link/),
      expect.stringMatching(/^sessions\/pipe\.json: sessions\/pipe\.json is not a regular file/),
    ]);
    expect(legacy.database.manager.getDatabaseStats()).toMatchObject({ memoriesCount: 0, sessionsCount: 0 });

    renameSync(legacy.home.join('sessions'), legacy.home.join('away'));
    symlinkSync(outside.join('sessions'), legacy.home.join('sessions'));
    expect((await legacy.migrate()).errors).toContainEqual(
      expect.stringMatching(/sessions: sessions is a symbolic link/),
    );
  });
});
