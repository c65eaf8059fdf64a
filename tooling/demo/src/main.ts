// What a newcomer runs first: a legacy install goes in, and is remembered.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { initializeDatabaseIntegration, resetDatabaseSystem } from '@codebuddy/db-integration';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { importInstall } from './import-install.ts';
import { type DemoOptions, readOptions } from './options.ts';
import { print } from './page.ts';
import {
  showCode,
  showCosts,
  showDatabase,
  showImport,
  showMemories,
  showMessages,
  showRecentSessions,
} from './sections.ts';

const options = readOptions(process.argv.slice(2));
if (options !== undefined) await run(options);

async function run({ home, db, search, memories, sessions }: DemoOptions): Promise<void> {
  if (home !== undefined && !existsSync(home)) {
    print(`There is no folder ${home}. Give --home the folder that holds memories.json and sessions/.`);
    process.exitCode = 2;
    return;
  }
  const temporary = mkdtempSync(join(tmpdir(), 'codebuddy-demo-'));
  try {
    const install = home === undefined ? join(temporary, '.codebuddy') : resolve(home);
    if (home === undefined) writeLegacyInstall(install, { memories, sessions });
    print(`Importing ${home === undefined ? 'a sample install' : install} into ${db ?? 'a temporary database'}`);

    await initializeDatabaseIntegration({ dbPath: db ?? join(temporary, 'codebuddy.db'), autoMigrate: false });
    const imported = await importInstall(install);
    showImport(imported);
    const words = search ?? (home === undefined ? 'retry backoff' : undefined);
    showMemories(words);
    showMessages(words);
    showRecentSessions();
    showCosts();
    await showCode('refuse a symbolic link that leads outside the folder');
    showDatabase();
  } finally {
    resetDatabaseSystem();
    rmSync(temporary, { recursive: true, force: true });
  }
}
