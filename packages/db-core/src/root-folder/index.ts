export type { EntryKind, FolderEntry, OpenFolder } from './open-folder.ts';
export { requireRelativePath } from './relative-path.ts';
export { RootFolder, splitPath } from './root-folder.ts';
