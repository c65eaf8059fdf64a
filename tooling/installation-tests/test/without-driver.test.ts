// The packages where the driver can't be loaded: it is not installed, or its binary is for another system.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../../packages', import.meta.url));

describe('without its driver', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codebuddy-without-'));
    for (const name of readdirSync(PACKAGES)) {
      for (const part of ['dist', 'package.json']) {
        cpSync(join(PACKAGES, name, part), join(folder, 'node_modules', '@codebuddy', name, part), { recursive: true });
      }
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(script: string): unknown {
    writeFileSync(join(folder, 'run.mjs'), script);
    // Test runners tell `require` of folders where it would find a driver.
    const env = { ...process.env, NODE_PATH: '' };
    return JSON.parse(execFileSync(process.execPath, ['run.mjs'], { cwd: folder, env, encoding: 'utf8' }));
  }

  const opening = `
    import * as db from '@codebuddy/db-integration';
    const codeOf = async (call) => {
      try { await call(); return 'none'; } catch (error) { return [error.code, error.name, /npm install/.test(error.message)]; }
    };
    const initialize = await codeOf(() => db.initializeDatabaseSystem({ dbPath: 'a.db' }));
    const restore = await codeOf(() => db.restoreBackup('run.mjs', 'b.db'));
    const isInitialized = db.getDatabaseManager().isInitialized();
    console.log(JSON.stringify({ initialize, restore, isInitialized }));`;

  const refused = {
    initialize: ['DB_DRIVER_UNAVAILABLE', 'DriverUnavailableError', true],
    restore: ['DB_DRIVER_UNAVAILABLE', 'DriverUnavailableError', true],
    isInitialized: false,
  };

  it('the packages can be imported, and opening says what is missing', () => {
    expect(run(opening)).toEqual(refused);
  });

  it('the packages say the same of a driver whose binary does not load', () => {
    const driver = join(folder, 'node_modules', 'better-sqlite3');
    mkdirSync(driver);
    const manifest = { name: 'better-sqlite3', version: '13.0.0', main: 'index.js' };
    writeFileSync(join(driver, 'package.json'), JSON.stringify(manifest));
    writeFileSync(
      join(driver, 'index.js'),
      `module.exports = function Database() {
        throw Object.assign(new Error('wrong ELF class'), { code: 'ERR_DLOPEN_FAILED' });
      };`,
    );
    expect(run(opening)).toEqual(refused);
  });
});
