import type { ImportedFile } from '@codebuddy/db-core';
import type {
  CacheImportTarget,
  CostImportTarget,
  MemoryImportTarget,
  SessionImportTarget,
} from '@codebuddy/db-core/internal';

/** Remembers which files were imported: `ImportLedger` of db-core is one. */
export interface ImportLedgerTarget {
  isUnchanged(file: Pick<ImportedFile, 'path' | 'size' | 'modifiedMs'>): boolean;
  /** Must be safe from a power cut when it returns: the files may be renamed next. */
  recordAll(files: readonly ImportedFile[]): void;
}

/** The targets of each kind of legacy data. What has no target is reported as not migrated, and its file left alone. */
export interface MigrationTargets {
  readonly memories?: MemoryImportTarget | undefined;
  readonly sessions?: SessionImportTarget | undefined;
  readonly cache?: CacheImportTarget | undefined;
  readonly analytics?: CostImportTarget | undefined;
  /** Without it, files that have not changed since the last import are read again. */
  readonly ledger?: ImportLedgerTarget | undefined;
}
