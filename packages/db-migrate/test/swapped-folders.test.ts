import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { SwappingProcess } from '@codebuddy/db-core/testing';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { expect, it } from 'vitest';
import { LegacyHome } from './support/legacy-home.ts';

/** Rounds that meet a swap many times over. */
const ROUNDS = 30;

// Elsewhere Node.js has no call that names a file below an open folder.
it.runIf(process.platform === 'linux')(
  'an import reads and renames nothing outside while another process swaps its folders for links',
  async () => {
    using legacy = await LegacyHome.open();
    using outside = new TemporaryFolder();
    const said = (content: string) => JSON.stringify({ id: content, messages: [{ role: 'user', content }] });
    mkdirSync(legacy.home.join('sessions'));
    writeFileSync(outside.join('s.json'), said('outside'));
    symlinkSync(outside.path, legacy.home.join('link'));
    const outcomes = new Set<string>();
    {
      await using _ = await SwappingProcess.start(legacy.home.join('sessions'), legacy.home.join('link'));
      for (let round = 0; round < ROUNDS; round++) {
        const { errors, files } = await legacy.migrate();
        for (const { inserted, existing } of files) if (inserted + existing > 0) outcomes.add('imported');
        if (errors.length > 0) outcomes.add('refused');
        if (files.length === 0) outcomes.add('nothing');
      }
    }
    expect(legacy.sessions.findSessions().map(({ id }) => id)).not.toContain('outside');
    expect(readdirSync(outside.path)).toEqual(['s.json']);
    expect([...outcomes]).toContain('refused');
  },
  60_000,
);

it.runIf(process.platform === 'linux')(
  'a folder that is swapped for a link after its files were read keeps the names of the files outside',
  async () => {
    using legacy = await LegacyHome.open();
    using outside = new TemporaryFolder();
    const said = (content: string) => ({ id: content, messages: [{ role: 'user', content }] });
    legacy.write('sessions/s.json', said('inside'));
    writeFileSync(outside.join('s.json'), JSON.stringify(said('outside')));
    const migration = legacy.migration({ deleteAfterMigration: true });
    migration.on('advance', ({ phase }) => {
      if (phase !== 'sessions') return;
      legacy.move('sessions', 'away');
      symlinkSync(outside.path, legacy.home.join('sessions'));
    });
    await migration.migrate();
    expect(legacy.sessions.findSessions().map(({ id }) => id)).toEqual(['inside']);
    expect(readdirSync(outside.path)).toEqual(['s.json']);
    expect(readdirSync(legacy.home.join('away'))).toEqual(['s.json.migrated']);
  },
);
