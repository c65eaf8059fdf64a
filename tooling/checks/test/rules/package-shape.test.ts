import { describe, expect, it } from 'vitest';
import {
  checkDependencies,
  checkExports,
  checkPublishedPackage,
  checkToolingPackage,
  readManifest,
} from '../../src/rules/package-shape.ts';

const memory = readManifest('packages/db-memory');

describe('a published package', () => {
  it('has the shape of all others', () => expect(checkPublishedPackage('db-memory', memory)).toEqual([]));

  it.each(['dependencies', 'peerDependencies', 'optionalDependencies'])('names no other slice in %s', (kind) => {
    const manifest = { ...memory, [kind]: { '@codebuddy/db-sessions': 'workspace:^' } };
    expect(checkDependencies('db-memory', manifest)).toEqual([
      `packages/db-memory: ${kind} must not name @codebuddy/db-sessions`,
    ]);
    expect(checkDependencies('db-integration', manifest)).toEqual([]);
  });

  it('depends on better-sqlite3 alone', () => {
    const { dependencies, peerDependencies, optionalDependencies } = readManifest('packages/db-core');
    expect([dependencies, peerDependencies, optionalDependencies]).toEqual([
      { 'better-sqlite3': 'catalog:' },
      undefined,
      undefined,
    ]);
  });

  it('takes versions from the workspace and the catalog', () => {
    const dependencies = { '@codebuddy/db-core': '1.0.0', ignore: '^7.0.0' };
    expect(checkDependencies('db-memory', { dependencies })).toHaveLength(2);
  });

  it.each([
    ['./langgraph', { types: './dist/absent.d.ts', default: './dist/index.js' }],
    ['./langgraph', { types: './dist/index.d.ts', default: './dist/absent.js' }],
    ['./langgraph', './dist/absent.js'],
    ['./data', '../db-core/dist/index.js'],
    ['./parts/*', './dist/absent/*.js'],
  ])('exports nothing that is not there after a build: %s as %j', (path, target) => {
    const exports = { '.': './dist/index.js', [path]: target };
    expect(checkExports('packages/db-memory', { exports })).toEqual([expect.stringContaining(`export "${path}"`)]);
  });

  it.each([
    ['license', 'GPL'],
    ['name', '@codebuddy/other'],
    ['description', ''],
    ['exports', { '.': './dist/index.js' }],
    ['scripts', {}],
    ['repository', { type: 'git', url: 'git+https://example.com/other.git', directory: 'packages/db-memory' }],
    ['homepage', undefined],
    ['bugs', undefined],
    ['files', ['dist']],
  ])('is refused with %s %j', (field, value) => {
    expect(checkPublishedPackage('db-memory', { ...memory, [field]: value })).not.toEqual([]);
  });
});

describe('a package of the tooling', () => {
  const checks = readManifest('tooling/checks');

  it('says what it is', () => expect(checkToolingPackage('checks', checks)).toEqual([]));

  it.each([
    ['name', '@codebuddy/other'],
    ['description', undefined],
    ['private', undefined],
  ])('is refused with %s %j', (field, value) => {
    expect(checkToolingPackage('checks', { ...checks, [field]: value })).toHaveLength(1);
  });
});
