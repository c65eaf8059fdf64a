// Every package has the same shape, so that who knows one knows all.
import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { allowedDependencies, PACKAGES, ROOT, report } from './workspace.ts';

interface Manifest {
  readonly name: string;
  readonly [field: string]: unknown;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const FILES = [
  'README.md',
  'package.json',
  'src/index.ts',
  'test',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsup.config.ts',
  'vitest.config.ts',
];

const FIELDS = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22.18' },
  files: ['dist'],
  publishConfig: { access: 'public' },
};

function check(name: string): string[] {
  const path = `packages/${name}`;
  const manifest: Manifest = JSON.parse(readFileSync(`${ROOT}/${path}/package.json`, 'utf8'));
  const wrong: string[] = [];
  const expect = (isRight: boolean, expectation: string) => {
    if (!isRight) wrong.push(`${path}: ${expectation}`);
  };

  for (const file of FILES) expect(existsSync(`${ROOT}/${path}/${file}`), `expected ${file}`);
  expect(manifest.name === `@codebuddy/${name}`, `expected the name @codebuddy/${name}`);
  for (const [field, value] of Object.entries(FIELDS)) {
    expect(isDeepStrictEqual(manifest[field], value), `expected "${field}": ${JSON.stringify(value)}`);
  }
  expect(
    isDeepStrictEqual(manifest.exports['.'], { types: './dist/index.d.ts', default: './dist/index.js' }),
    'expected exports "." with types and default in dist/',
  );
  for (const script of ['build', 'typecheck', 'test'])
    expect(script in manifest.scripts, `expected a script "${script}"`);

  const allowed = allowedDependencies(name).map((other) => `@codebuddy/${other}`);
  for (const [dependency, version] of Object.entries(manifest.dependencies ?? {})) {
    if (dependency.startsWith('@codebuddy/')) {
      expect(allowed.includes(dependency), `must not depend on ${dependency}`);
      // What slices share with db-core changes with its minor versions.
      const range = dependency === '@codebuddy/db-core' ? 'workspace:~' : 'workspace:^';
      expect(version === range, `expected ${dependency} as "${range}"`);
    } else {
      expect(
        version.startsWith('catalog:'),
        `expected the version of ${dependency} in the catalog of pnpm-workspace.yaml`,
      );
    }
  }
  return wrong;
}

report('Package shape', PACKAGES.flatMap(check));
