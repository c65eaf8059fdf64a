// Packs packages as they would be published, installs a slice alone in an empty folder, and uses it as a stranger would.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../../packages', import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

const USES = {
  'db-memory': `
    import { DatabaseManager } from '@codebuddy/db-core';
    import { MemoryRepository } from '@codebuddy/db-memory';
    const manager = new DatabaseManager({ inMemory: true });
    await manager.initialize();
    const memories = new MemoryRepository(manager.getDatabase());
    memories.create({ type: 'fact', content: 'The retry helper uses full jitter' });
    const snippet: string | undefined = memories.search('jitter')[0]?.snippet;
    console.log(snippet);`,
  'db-sessions': `
    import { DatabaseManager, type Session } from '@codebuddy/db-core';
    import { SessionRepository } from '@codebuddy/db-sessions';
    const manager = new DatabaseManager({ inMemory: true });
    await manager.initialize();
    const sessions = new SessionRepository(manager.getDatabase());
    const session: Session = sessions.createSession({ name: 'Fix it' });
    sessions.addMessage({ session_id: session.id, role: 'user', content: 'uses full jitter' });
    console.log(sessions.searchMessages('jitter')[0]?.snippet);`,
} as const;

describe.each(['db-memory', 'db-sessions'] as const)('%s, installed alone from its tarball', (slice) => {
  let folder: string;
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'codebuddy-installed-'));
    for (const name of ['db-core', slice]) {
      execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: join(PACKAGES, name), stdio: 'ignore' });
    }
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    run(
      'npm',
      'install',
      '--no-audit',
      '--no-fund',
      '--silent',
      '--prefer-offline',
      '--fetch-retries=1',
      ...tarballs.map((name) => `./${name}`),
    );
    writeFileSync(join(folder, 'use.ts'), USES[slice]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs', () => {
    expect(run(process.execPath, 'use.ts').trim()).toMatch(/uses full \*\*jitter\*\*$/);
  });

  it('brings no other slice', () => {
    expect(readdirSync(join(folder, 'node_modules', '@codebuddy')).sort()).toEqual(['db-core', slice].sort());
  });

  it.each([
    ['nodenext', ['--module', 'nodenext']],
    ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])('has types for %s resolution, checked strictly and with its libraries', (_resolution, args) => {
    const strict = [
      '--strict',
      '--noEmit',
      '--target',
      'es2024',
      '--types',
      '',
      '--lib',
      'es2024,esnext.disposable,dom',
      '--ignoreConfig',
    ];
    expect(run(process.execPath, TSC, ...strict, ...args, 'use.ts')).toBe('');
  });
});
