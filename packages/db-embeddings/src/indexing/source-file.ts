import type { FileHandle } from 'node:fs/promises';
import { hashContent, isSystemError } from '@codebuddy/db-core/internal';
import type { SkipReason } from './index-report.ts';
import { languageOf } from './languages.ts';
import type { ProjectFile } from './walk-project.ts';

/** A file that is to be indexed. */
export interface SourceFile {
  readonly path: string;
  readonly hash: string;
  readonly language: string;
  readonly text: string;
}

/**
 * Reads a file that is to be indexed, one with a known ending. Returns `undefined` if it has none or is gone.
 *
 * @param made - what the vectors of a file depend on besides its content: another model's are of no use
 */
export async function readSource(
  { path, open }: ProjectFile,
  maxBytes: number,
  made: string,
): Promise<SourceFile | SkipReason | undefined> {
  const language = languageOf(path);
  if (language === undefined) return undefined;
  let file: FileHandle | undefined;
  try {
    file = await open();
    if (file === undefined) return undefined;
    if ((await file.stat()).size > maxBytes) return 'too-large';
    const content = await file.readFile();
    if (content.includes(0)) return 'not-text';
    return { path, hash: `${hashContent(content)}:${made}`, language, text: content.toString('utf8') };
  } catch (error) {
    if (isSystemError(error)) return 'unreadable';
    throw error;
  } finally {
    await file?.close();
  }
}
