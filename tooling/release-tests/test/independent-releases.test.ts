// Publishes everything to a registry on this machine, changes one package, publishes again, and looks what moved.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { describePackage, filesOf, startRegistry } from '../src/local-registry.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGES = readdirSync(join(ROOT, 'packages'));

it('a change to db-memory releases it and db-integration, and nothing else', async () => {
  using folder = new TemporaryFolder();
  await using registry = await startRegistry(folder.path);
  const workspace = folder.join('workspace');
  const env = { ...process.env, CI: '1' };
  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: workspace, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  };
  const git = (...args: string[]) =>
    run('git', '-c', 'user.name=release', '-c', 'user.email=release@localhost', ...args);
  const release = (message: string) => {
    run('pnpm', 'exec', 'changeset', 'version');
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    run('pnpm', 'exec', 'changeset', 'publish');
  };
  const published = async () =>
    Object.fromEntries(
      await Promise.all(
        PACKAGES.map(async (name) => {
          const { versions } = await describePackage(registry, `@codebuddy/${name}`);
          return [name, Object.keys(Object(versions))];
        }),
      ),
    );

  copyWorkspace(workspace);
  // Named in the packages themselves, so that nothing can ever reach another registry.
  for (const name of PACKAGES) publishTo(registry.url, join(workspace, 'packages', name, 'package.json'));
  writeFileSync(
    join(workspace, '.npmrc'),
    [`registry=${registry.url}`, `//${new URL(registry.url).host}/:_authToken=${registry.token}`, ''].join('\n'),
  );
  execFileSync('pnpm', ['install', '--frozen-lockfile', '--offline', '--ignore-scripts', '--reporter=silent'], {
    cwd: workspace,
  });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'everything');

  release('the first release');
  const first = await published();
  for (const name of PACKAGES) expect(first[name], name).toHaveLength(1);
  for (const name of PACKAGES) {
    const files = await filesOf(registry, `@codebuddy/${name}`);
    expect(files, name).toEqual(
      expect.arrayContaining(['package/LICENSE', 'package/README.md', 'package/CHANGELOG.md', 'package/dist/index.js']),
    );
  }

  writeFileSync(
    join(workspace, '.changeset', 'one.md'),
    "---\n'@codebuddy/db-memory': patch\n---\n\nA change that only db-memory sees.\n",
  );
  release('a change to db-memory');
  const second = await published();
  const moved = PACKAGES.filter((name) => second[name]?.length === 2);
  expect(moved).toEqual(['db-integration', 'db-memory']);
  console.log(PACKAGES.map((name) => `${name} ${second[name]?.join(' -> ')}`).join('\n'));

  const [, newest = ''] = second['db-integration'] ?? [];
  expect(await describePackage(registry, '@codebuddy/db-integration')).toMatchObject({
    versions: { [newest]: { dependencies: { '@codebuddy/db-memory': `^${second['db-memory']?.[1]}` } } },
  });
}, 300_000);

function publishTo(registry: string, file: string): void {
  const manifest = Object(JSON.parse(readFileSync(file, 'utf8')));
  const publishConfig = { ...Object(manifest['publishConfig']), registry };
  writeFileSync(file, JSON.stringify({ ...manifest, publishConfig }, null, 2));
}

/** The files that git tracks or would, and the builds. */
function copyWorkspace(to: string): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(ROOT, file), join(to, file));
  }
  for (const name of PACKAGES) {
    cpSync(join(ROOT, 'packages', name, 'dist'), join(to, 'packages', name, 'dist'), { recursive: true });
  }
}
