// Two copies of db-core in one process, as nested node_modules bring them about.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CORE = fileURLToPath(new URL('../../../packages/db-core', import.meta.url));
const DRIVER = realpathSync(join(CORE, 'node_modules', 'better-sqlite3'));

describe('two copies of db-core in one process', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'codebuddy-two-'));
    // `own` has a driver of its own, `shared` the one that the first copy has.
    for (const copy of ['first', 'shared', 'own']) {
      mkdirSync(join(folder, copy, 'node_modules'), { recursive: true });
      cpSync(join(CORE, 'dist'), join(folder, copy, 'dist'), { recursive: true });
      writeFileSync(join(folder, copy, 'package.json'), '{ "type": "module" }');
      const driver = join(folder, copy, 'node_modules', 'better-sqlite3');
      if (copy === 'own') cpSync(DRIVER, driver, { recursive: true });
      else symlinkSync(DRIVER, driver);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(script: string): unknown {
    const imports = ['first', 'shared', 'own'].map((copy) => `import * as ${copy} from './${copy}/dist/index.js';`);
    const open =
      'const open = async ({ DatabaseManager }, dbPath) => {' +
      ' const manager = new DatabaseManager({ dbPath }); await manager.initialize(); return manager; };';
    writeFileSync(join(folder, 'run.mjs'), [...imports, open, script].join('\n'));
    return JSON.parse(execFileSync(process.execPath, ['run.mjs'], { cwd: folder, encoding: 'utf8' }));
  }

  it('share a file where they share the driver', () => {
    expect(
      run(`
        const one = await open(first, 'a.db');
        const two = await open(shared, 'a.db');
        one.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
        const row = two.prepare('SELECT value FROM cache').get();
        console.log(JSON.stringify(row));`),
    ).toEqual({ value: '1' });
  });

  it('refuse a file that is open through another driver, and take it once it is closed', () => {
    expect(
      run(`
        const one = await open(first, 'b.db');
        const refusal = await open(own, 'b.db').catch((error) => error);
        const elsewhere = await open(own, 'c.db');
        one.close();
        const later = await open(own, 'b.db');
        console.log(JSON.stringify({
          code: refusal.code,
          says: /two would damage it.*dedupe/.test(refusal.message),
          isKnownToFirst: first.DatabaseError.isInstance(refusal) && first.hasErrorCode(refusal, 'DB_UNSUPPORTED_RUNTIME'),
          isOfAnotherClass: !(refusal instanceof first.DatabaseError),
          elsewhere: elsewhere.isInitialized(),
          later: later.checkHealth('full').ok,
        }));`),
    ).toEqual({
      code: 'DB_UNSUPPORTED_RUNTIME',
      says: true,
      isKnownToFirst: true,
      isOfAnotherClass: true,
      elsewhere: true,
      later: true,
    });
  });

  it('tell each other when a manager of the one was opened, and a repository asks the other', () => {
    expect(
      run(`
        await first.initializeDatabase({ dbPath: 'd.db' });
        try { shared.getDatabaseManager().getDatabase(); } catch (error) {
          console.log(JSON.stringify({ code: error.code, isInstance: first.DatabaseError.isInstance(error) }));
        }`),
    ).toEqual({ code: 'DB_NOT_INITIALIZED', isInstance: true });
  });
});

describe('a slice that finds another db-core than it was built with', () => {
  it('is refused when it is imported, with what to install', () => {
    const folder = mkdtempSync(join(tmpdir(), 'codebuddy-mismatch-'));
    try {
      const packages = join(folder, 'node_modules', '@codebuddy');
      for (const name of ['db-core', 'db-memory']) {
        mkdirSync(join(packages, name), { recursive: true });
        cpSync(join(CORE, '..', name, 'dist'), join(packages, name, 'dist'), { recursive: true });
        cpSync(join(CORE, '..', name, 'package.json'), join(packages, name, 'package.json'));
      }
      symlinkSync(DRIVER, join(folder, 'node_modules', 'better-sqlite3'));
      const slice = join(packages, 'db-memory', 'dist', 'index.js');
      const built = readFileSync(slice, 'utf8');
      const load = () => {
        const told = '(error) => error.code + ": " + error.message';
        const script = `import('@codebuddy/db-memory').then(() => 'fine', ${told}).then(console.log)`;
        return execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' }).trim();
      };
      expect(load()).toBe('fine');
      const newer = built.replace(
        /requireCore\("@codebuddy\/db-memory", "[^"]+"\)/,
        'requireCore("@codebuddy/db-memory", "9.9.9")',
      );
      expect(newer).not.toBe(built);
      writeFileSync(slice, newer);
      expect(load()).toMatch(/^DB_VERSION_MISMATCH: .*9\.9\.9.*npm install @codebuddy\/db-memory@latest/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
