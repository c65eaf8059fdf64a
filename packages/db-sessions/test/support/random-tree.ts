import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';

/** A change of one path in a folder. */
export type Edit =
  | { readonly kind: 'file'; readonly path: string; readonly content: Uint8Array; readonly mode: number }
  | { readonly kind: 'mode'; readonly path: string; readonly mode: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'removal'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** A few names that meet often, and some of all that a file system may hold. */
const names = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 1, arbitrary: fc.constantFrom('ä名', 'e\u0301', ' ', '-rf', '*', 'n'.repeat(255), 'ü'.repeat(127)) },
);
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

const contents = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.constantFrom('', 'text\n', 'line\n'.repeat(5_000)).map((text) => Buffer.from(text)),
);
const modes = fc.constantFrom(0o644, 0o600, 0o755, 0o444, 0o400);

/** Changes of any kind, mostly of files. */
export const edits: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('file'), path: paths, content: contents, mode: modes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mode'), path: paths, mode: modes }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('removal'), path: paths }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('folder'), path: paths }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('link'), path: paths, target: names }) },
);

/** Makes a change, whatever is in its way. */
export function apply(root: string, edit: Edit): void {
  const path = `${root}/${edit.path}`;
  switch (edit.kind) {
    case 'mode':
      if (existsSync(path) && statSync(path).isFile()) chmodSync(path, edit.mode);
      break;
    case 'removal':
      if (existsSync(dirname(path))) rmSync(path, { recursive: true, force: true });
      break;
    case 'folder':
      makeFolders(root, edit.path.split('/'));
      break;
    default:
      makeFolders(root, edit.path.split('/').slice(0, -1));
      rmSync(path, { recursive: true, force: true });
      if (edit.kind === 'link') symlinkSync(edit.target, path);
      else {
        writeFileSync(path, edit.content);
        chmodSync(path, edit.mode);
      }
  }
}

/** Makes folders, each in the one before it, instead of the files and links that are there. */
function makeFolders(root: string, parts: readonly string[]): void {
  let folder = root;
  for (const part of parts) {
    folder = `${folder}/${part}`;
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) continue;
    rmSync(folder, { force: true });
    mkdirSync(folder);
  }
}
