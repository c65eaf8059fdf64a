import { existsSync, globSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { allowedPackages, ROOT, readText } from '../workspace.ts';

/** A package's manifest, whose fields are checked one by one. */
export type Manifest = Readonly<Record<PropertyKey, unknown>>;

/** Reads the manifest of a package. */
export function readManifest(folder: string): Manifest {
  return Object(JSON.parse(readText(`${folder}/package.json`)));
}

const FILES = [
  'LICENSE',
  'README.md',
  'package.json',
  'src/index.ts',
  'test',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsup.config.ts',
  'vitest.config.ts',
];

const FIELDS: Readonly<Record<string, unknown>> = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22.18' },
  files: ['dist', 'CHANGELOG.md'],
  publishConfig: { access: 'public' },
};

/** Kinds of dependencies that whoever installs a package gets, or must bring. */
const KINDS = ['dependencies', 'peerDependencies', 'optionalDependencies'];

/** Checks that a published package has the same shape as all others, so that whoever knows one knows all. */
export function checkPublishedPackage(name: string, manifest: Manifest): string[] {
  const folder = `packages/${name}`;
  const problems: string[] = [];
  const expect = (isRight: boolean, problem: string) => {
    if (!isRight) problems.push(`${folder}: ${problem}`);
  };
  for (const file of FILES) expect(existsSync(`${ROOT}/${folder}/${file}`), `expected ${file}`);
  for (const [field, value] of Object.entries(FIELDS)) {
    expect(isDeepStrictEqual(manifest[field], value), `expected "${field}": ${JSON.stringify(value)}`);
  }
  const entry = { types: './dist/index.d.ts', default: './dist/index.js' };
  expect(isDeepStrictEqual(Object(manifest['exports'])['.'], entry), 'expected exports "." with types and default');
  for (const script of ['build', 'typecheck', 'test'])
    expect(script in Object(manifest['scripts']), `expected a script "${script}"`);
  return [
    ...problems,
    ...checkIdentity(folder, manifest),
    ...checkOrigin(folder, manifest),
    ...checkDependencies(name, manifest),
    ...checkExports(folder, manifest),
  ];
}

/** Checks that a package of the tooling says what it is. */
export function checkToolingPackage(name: string, manifest: Manifest): string[] {
  const folder = `tooling/${name}`;
  return [
    ...checkIdentity(folder, manifest),
    ...(manifest['private'] === true ? [] : [`${folder}: expected "private": true`]),
    ...(existsSync(`${ROOT}/${folder}/README.md`) ? [] : [`${folder}: expected README.md`]),
  ];
}

function checkIdentity(folder: string, { name, description }: Manifest): string[] {
  const expected = `@codebuddy/${folder.split('/').at(-1)}`;
  return [
    ...(name === expected ? [] : [`${folder}: expected the name ${expected}`]),
    ...(typeof description === 'string' && description !== '' ? [] : [`${folder}: expected a description`]),
  ];
}

/** Checks that a package says where it comes from: npm proves which workflow built it by its repository. */
export function checkOrigin(folder: string, manifest: Manifest): string[] {
  const { repository, bugs } = readManifest('.');
  const { url = '' } = Object(repository);
  const expected = {
    homepage: `${String(url).replace(/^git\+|\.git$/g, '')}/tree/main/${folder}#readme`,
    repository: { ...Object(repository), directory: folder },
    bugs,
  };
  const fields = Object.entries(expected)
    .filter(([field, value]) => !isDeepStrictEqual(manifest[field], value))
    .map(([field, value]) => `${folder}: expected "${field}": ${JSON.stringify(value)}`);
  const isLicenceEqual =
    existsSync(`${ROOT}/${folder}/LICENSE`) && readText(`${folder}/LICENSE`) === readText('LICENSE');
  return isLicenceEqual ? fields : [...fields, `${folder}: expected the LICENSE of the repository`];
}

/** Checks that a package depends on nothing above or beside it, in whichever way, and that versions stand in one place. */
export function checkDependencies(name: string, manifest: Manifest): string[] {
  const allowed = allowedPackages(name).map((other) => `@codebuddy/${other}`);
  return KINDS.flatMap((kind) =>
    Object.entries(Object(manifest[kind])).map(([other, version]) => ({ kind, other, version })),
  ).flatMap(({ kind, other, version }) => {
    const place = `packages/${name}: ${kind}`;
    if (other.startsWith('@codebuddy/')) {
      if (!allowed.includes(other)) return [`${place} must not name ${other}`];
      // What slices share with db-core changes with its minor versions.
      const range = other === '@codebuddy/db-core' ? 'workspace:~' : 'workspace:^';
      return version === range ? [] : [`${place} must take ${other} as "${range}"`];
    }
    if (kind === 'peerDependencies' || String(version).startsWith('catalog:')) return [];
    return [`${place} must take the version of ${other} from the catalog of pnpm-workspace.yaml`];
  });
}

/** Checks that every export points to files that the build has made. */
export function checkExports(folder: string, manifest: Manifest): string[] {
  return targetsOf(manifest['exports']).flatMap(({ path, target }) => {
    if (!target.startsWith('./')) return [`${folder}: export "${path}" points to ${target}, outside the package`];
    const isThere = globSync(`${folder}/${target}`, { cwd: ROOT }).length > 0;
    return isThere
      ? []
      : [`${folder}: export "${path}" points to ${target}, which is not there after a build (pnpm build)`];
  });
}

interface ExportTarget {
  readonly path: string;
  readonly target: string;
}

function targetsOf(exports: unknown, path = '.'): ExportTarget[] {
  if (typeof exports === 'string') return [{ path, target: exports }];
  return Object.entries(Object(exports)).flatMap(([key, value]) => targetsOf(value, key.startsWith('.') ? key : path));
}
