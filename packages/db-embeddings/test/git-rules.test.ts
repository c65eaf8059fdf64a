// Compares the files that are found with those that git itself names.
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RootFolder } from '@codebuddy/db-core/internal';
import { TemporaryFolder } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { walkProject } from '../src/indexing/walk-project.ts';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
  vi.stubEnv('HOME', folder.join('home'));
  vi.stubEnv('XDG_CONFIG_HOME', '');
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
});
afterEach(() => folder[Symbol.dispose]());

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd, encoding: 'utf8' });

/** Writes files, each with its content. */
function write(top: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), content);
  }
}

async function found(project: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of walkProject(new RootFolder(project))) paths.push(path);
  return paths.sort();
}

/** The regular files that git tracks or would. */
function named(project: string): string[] {
  const paths = git(project, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  const isFile = (path: string) => lstatSync(join(project, path), { throwIfNoEntry: false })?.isFile() === true;
  return [...new Set(paths)].filter((path) => path !== '' && isFile(path)).sort();
}

const X = 'x\n';
const TREES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'rules of nested files': {
    '.gitignore': 'gen/*\n!gen/keep.ts\n*.log\n**/vendor/\n',
    'a/.gitignore': '!vendor\n!b.log\n',
    'a/vendor/kept.ts': X,
    'b/vendor/lost.ts': X,
    'a/b.log': X,
    'gen/lost.ts': X,
    'gen/keep.ts': X,
    'c/gen/kept.ts': X,
  },
  'a folder that is left out whole': {
    '.gitignore': 'out/\n!out/kept.ts\n',
    'out/kept.ts': X,
    'in/out/kept.ts': X,
    out2: X,
  },
  'anchored rules': {
    '.gitignore': '/top.ts\nsrc/gen.ts\n/a/*.ts\n',
    'top.ts': X,
    'src/top.ts': X,
    'src/gen.ts': X,
    'b/src/gen.ts': X,
    'a/x.ts': X,
    'a/b/x.ts': X,
  },
  'two stars': {
    '.gitignore': '**/foo\nbar/**\na/**/z\nq**/r\n**\\/s\nt/***/u\n',
    'x/foo/1': X,
    'bar/1/2': X,
    'a/z': X,
    'a/b/c/z': X,
    'q/w/r': X,
    'qr/1': X,
    'v/s': X,
    't/1/2/u': X,
  },
  'characters in brackets': {
    '.gitignore': '[ab].ts\n[!c].js\nx[[:digit:]]\n[]-].y\n[z-a]q\n[[:nope:]]w\n[a\n\\[k]\n',
    'a.ts': X,
    'c.ts': X,
    'c.js': X,
    'd.js': X,
    x1: X,
    xx: X,
    '].y': X,
    '-.y': X,
    aq: X,
    zq: X,
    w: X,
    '[a': X,
    '[k]': X,
  },
  'spaces, comments and escapes': {
    '.gitignore': '\ufeff#no\n\\#yes\n\\!yes\nend \nkept\\ \nmid dle\r\ntab\t\nbad\\\n   \n',
    '#no': X,
    '#yes': X,
    '!yes': X,
    end: X,
    'kept ': X,
    kept: X,
    'mid dle': X,
    tab: X,
    'tab\t': X,
    bad: X,
  },
  'letters and their case': {
    '.gitignore': 'Debug/\n*.TS\ncaf?\nnaïve\n',
    'debug/a': X,
    'a.ts': X,
    'b.TS': X,
    café: X,
    cafe: X,
    naïve: X,
  },
  'names that look like rules': {
    '.gitignore': '*\n!*/\n!*.md\n!.gitignore\n',
    'a/b/c.md': X,
    'a/b/c.ts': X,
    'd.md': X,
  },
  'nothing but negations': { '.gitignore': '!a\n!\n/\n//\n', a: X, 'b/c': X },
};

describe('the files of a project', () => {
  it.each(Object.entries(TREES))('are those that git names: %s', async (_name, files) => {
    const top = folder.join('tree');
    write(top, files);
    git(top, 'init', '--quiet');
    expect(await found(top)).toEqual(named(top));
    git(top, 'config', 'core.ignoreCase', 'true');
    expect(await found(top)).toEqual(named(top));
  });

  it('are those that git names: what it tracks, whatever the rules, in each version of its index', async () => {
    const top = folder.join('tree');
    write(top, {
      '.gitignore': 'out/\n*.js\n',
      'out/deep/kept.ts': X,
      'out/lost.ts': X,
      'a.js': X,
      'b.js': X,
      'out/a.js': X,
    });
    git(top, 'init', '--quiet');
    git(top, 'add', '--force', 'a.js', 'out/deep/kept.ts');
    git(top, 'update-index', '--add', '--cacheinfo', '160000,1234567890123456789012345678901234567890,module');
    for (const version of ['2', '3', '4']) {
      git(top, 'update-index', '--index-version', version);
      expect(await found(top)).toEqual(['.gitignore', 'a.js', 'out/deep/kept.ts']);
    }
    expect(named(top)).toEqual(['.gitignore', 'a.js', 'out/deep/kept.ts']);
    git(top, 'add', '--force', '--intent-to-add', 'b.js');
    expect(await found(top)).toEqual(named(top));
  });

  it('are those that git names: a repository with SHA-256', async () => {
    const top = folder.join('tree');
    write(top, { '.gitignore': '*.js\n', 'a.js': X, 'b.js': X });
    git(top, 'init', '--quiet', '--object-format=sha256');
    git(top, 'add', '--force', 'a.js');
    expect(await found(top)).toEqual(named(top));
  });

  it("are those that git names: the user's patterns, those of the repository, and those above the project", async () => {
    const top = folder.join('tree');
    write(folder.path, {
      'home/.config/git/ignore': 'by-default.ts\n',
      'home/patterns': 'private.ts\n',
      'home/more': '[core]\n\texcludesFile = "~/patterns" ; of the user\n',
    });
    write(top, {
      '.gitignore': 'above.ts\n/pkg/only.ts\n',
      'pkg/.gitignore': '!back.ts\n',
      'pkg/inner/main.ts': X,
      'pkg/only.ts': X,
      ...Object.fromEntries(
        ['by-default', 'private', 'above', 'notes', 'back'].map((name) => [`pkg/inner/${name}.ts`, X]),
      ),
    });
    git(top, 'init', '--quiet');
    write(top, { '.git/info/exclude': 'notes.ts\nback.ts\n' });
    for (const settings of ['', '[include]\n\tpath = more\n']) {
      write(folder.path, { 'home/.gitconfig': settings });
      for (const project of [top, join(top, 'pkg'), join(top, 'pkg/inner')]) {
        expect(await found(project)).toEqual(named(project));
      }
    }
    expect(await found(join(top, 'pkg/inner'))).toEqual(['back.ts', 'by-default.ts', 'main.ts']);
  });

  it('are those that git names: a linked worktree, and repositories inside of another', async () => {
    const top = folder.join('tree');
    write(top, { '.gitignore': '*.log\n', 'a.ts': X, 'inner/b.ts': X, 'broken/.git/config': '', 'broken/c.ts': X });
    git(top, 'init', '--quiet');
    git(top, 'add', 'a.ts');
    git(top, 'commit', '--quiet', '--message', 'a');
    write(top, { '.git/info/exclude': 'notes.ts\n' });
    git(join(top, 'inner'), 'init', '--quiet');
    git(top, 'worktree', 'add', '--quiet', folder.join('linked'));
    write(folder.join('linked'), { 'notes.ts': X, 'd.ts': X });
    expect(await found(top)).toEqual(named(top));
    expect(await found(folder.join('linked'))).toEqual(named(folder.join('linked')));
    expect(await found(folder.join('linked'))).toEqual(['a.ts', 'd.ts']);
  });

  it('are found without a repository by the same rules, and in the repositories that a folder holds', async () => {
    const top = folder.join('tree');
    write(top, {
      '.gitignore': '*.log\n',
      'a.log': X,
      'a.ts': X,
      'one/.gitignore': 'x.ts\n',
      'one/x.ts': X,
      'one/y.log': X,
      'two/x.ts': X,
    });
    git(join(top, 'one'), 'init', '--quiet');
    expect(await found(top)).toEqual(['.gitignore', 'a.ts', 'one/.gitignore', 'one/y.log', 'two/x.ts']);
  });

  it('are those that git names, whatever the patterns', async () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'a.b', 'A', '-', ']', 'a b', '[a', 'é');
    const piece = fc.constantFrom(
      ...[
        'a',
        'b',
        'ab',
        '*',
        '**',
        '***',
        '?',
        '/',
        '/',
        '[a',
        ']',
        '[!a]',
        '[a-b]',
        '[^',
        '-',
        '\\',
        '!',
        ' ',
        '.',
        'é',
        '[[:alpha:]]',
      ],
    );
    const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const rules = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => `${lines.join('\n')}\n`);
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    const top = folder.join('tree');
    mkdirSync(top);
    git(top, 'init', '--quiet');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(path, { minLength: 3, maxLength: 10 }),
        rules,
        rules,
        async (paths, outer, inner) => {
          using tree = new TemporaryFolder();
          for (const each of paths) {
            if (
              !paths.some((other) => other !== each && (other.startsWith(`${each}/`) || each.startsWith(`${other}/`)))
            ) {
              write(tree.path, { [each]: X });
            }
          }
          write(tree.path, { '.gitignore': outer });
          if (lstatSync(tree.join('a'), { throwIfNoEntry: false })?.isFile() !== true)
            write(tree.path, { 'a/.gitignore': inner });
          git(tree.path, 'init', '--quiet');
          expect(await found(tree.path)).toEqual(named(tree.path));
        },
      ),
      { numRuns: Number(process.env['GIT_RULES_RUNS'] ?? 40) },
    );
  });
});
