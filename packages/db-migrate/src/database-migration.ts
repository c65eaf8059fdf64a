import { existsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { requireObject, TypedEventEmitter, toDatabaseError } from '@codebuddy/db-core/internal';
import { dryRunTargets } from './dry-run-targets.ts';
import type { LegacyFile } from './files/legacy-file.ts';
import {
  cacheFile,
  costsFile,
  describePath,
  type LegacyFolder,
  type LegacyPath,
  legacyFolders,
  memoriesFile,
  sessionFiles,
  sessionsFolder,
} from './files/legacy-folder.ts';
import { type MigrationOptions, type ResolvedOptions, resolveOptions } from './migration-options.ts';
import { type FileReport, formatProblem, type MigrationResult, PHASES, type Phase } from './migration-report.ts';
import { importCache } from './phases/import-cache.ts';
import { importCosts } from './phases/import-costs.ts';
import { importMemories } from './phases/import-memories.ts';
import { importSessions } from './phases/import-sessions.ts';
import type { PhaseContext } from './phases/phase-context.ts';
import type { MigrationTargets } from './targets.ts';

/** The events of an import. */
export interface MigrationEvents {
  progress: { phase: Phase; status: 'starting' | 'complete'; count?: number };
  /** The progress of a phase, for a progress bar. */
  advance: { phase: Phase; entries: number; bytes: number; totalBytes: number };
  complete: MigrationResult;
}

/** The legacy files that exist. */
export interface MigrationStatus {
  /** Whether a file is there that has not been imported as it is. */
  readonly needsMigration: boolean;
  readonly files: readonly LegacyPath[];
}

/**
 * Imports the JSON files that earlier releases of Code-Buddy kept. It is safe to repeat: what is stored already is not
 * stored again. A broken entry is reported, and keeps no other one from being imported.
 *
 * @example
 * ```ts
 * const migration = new DatabaseMigration({ memories, sessions }, { dryRun: true });
 * const { migratedItems, errors } = await migration.migrate();
 * ```
 */
export class DatabaseMigration extends TypedEventEmitter<MigrationEvents> {
  readonly #targets: MigrationTargets;
  readonly #options: ResolvedOptions;

  /** @param targets - where each kind of data goes; what has no target is left alone */
  constructor(targets: MigrationTargets, options: MigrationOptions = {}) {
    super();
    this.#targets = requireObject(targets, 'targets');
    this.#options = resolveOptions(options);
  }

  /** Returns whether a legacy file is there that has not been imported as it is. */
  needsMigration(): boolean {
    return this.#paths(({ hasTarget }) => hasTarget).some((path) => this.#isNews(path));
  }

  /** Lists the places where legacy files may be, and returns whether there is something to import. */
  getMigrationStatus(): MigrationStatus {
    const places = this.#folders().flatMap((folder) => [
      memoriesFile(folder),
      sessionsFolder(folder),
      cacheFile(folder),
      costsFile(folder),
    ]);
    return { needsMigration: this.needsMigration(), files: places.map(describePath) };
  }

  /** Imports everything there is a target for. On a dry run, the result says what an import would do. */
  async migrate(): Promise<MigrationResult> {
    const start = performance.now();
    const targets = this.#options.dryRun ? dryRunTargets(this.#targets) : this.#targets;
    const files: FileReport[] = [];
    let messages = 0;

    await this.#phase('memories', targets.memories, files, importMemories);
    await this.#phase('sessions', targets.sessions, files, async (context) => {
      messages = await importSessions(context);
    });
    await this.#phase('cache', targets.cache, files, importCache);
    await this.#phase('analytics', targets.analytics, files, importCosts);

    const errors = files.flatMap(({ problems }) => problems.map(formatProblem));
    const result: MigrationResult = {
      success: errors.length === 0,
      migratedItems: countItems(files),
      errors,
      duration: performance.now() - start,
      files,
      notMigrated: this.#paths(({ hasTarget }) => !hasTarget),
      messages,
    };
    this.emit('complete', result);
    return result;
  }

  #folders() {
    return legacyFolders(this.#options.home, this.#options.projects);
  }

  /** The legacy files that are there, of the kinds that are wanted. */
  #paths(isWanted: (kind: { readonly phase: Phase; readonly hasTarget: boolean }) => boolean): string[] {
    const targets = this.#targets;
    const kinds = [
      {
        phase: 'memories',
        hasTarget: targets.memories !== undefined,
        paths: (folder: LegacyFolder) => [memoriesFile(folder)],
      },
      { phase: 'sessions', hasTarget: targets.sessions !== undefined, paths: sessionFiles },
      { phase: 'cache', hasTarget: targets.cache !== undefined, paths: (folder: LegacyFolder) => [cacheFile(folder)] },
      {
        phase: 'analytics',
        hasTarget: targets.analytics !== undefined,
        paths: (folder: LegacyFolder) => [costsFile(folder)],
      },
    ] as const;
    const wanted = kinds.filter(isWanted);
    return this.#folders()
      .flatMap((folder) => wanted.flatMap(({ paths }) => paths(folder)))
      .filter((path) => describePath(path).size !== undefined);
  }

  async #phase<Target>(
    phase: Phase,
    target: Target | undefined,
    files: FileReport[],
    run: (context: PhaseContext<Target>) => Promise<void>,
  ): Promise<void> {
    if (target === undefined) return;
    this.#log(`${phase}: starting`);
    this.emit('progress', { phase, status: 'starting' });
    await run(this.#context(phase, target, files));
    const count = countItems(files)[phase];
    this.#log(`${phase}: ${count} imported`);
    this.emit('progress', { phase, status: 'complete', count });
  }

  #context<Target>(phase: Phase, target: Target, files: FileReport[]): PhaseContext<Target> {
    const paths = this.#paths((kind) => kind.phase === phase);
    const totalBytes = paths.reduce((sum, path) => sum + (describePath(path).size ?? 0), 0);
    return {
      target,
      folders: this.#folders(),
      dryRun: this.#options.dryRun,
      now: this.#options.clock(),
      redact: this.#options.redact,
      maxFileBytes: this.#options.maxFileBytes,
      advance: (entries, bytes) => this.emit('advance', { phase, entries, bytes, totalBytes }),
      fileDone: async (report, file) => {
        files.push(report);
        for (const problem of report.problems) this.#log(formatProblem(problem));
        if (!this.#options.dryRun && file !== undefined) await this.#finish(report, file);
      },
    };
  }

  /** Remembers a file as imported, or renames it if that is wanted and all of it is stored. */
  async #finish(report: FileReport, { path, size, modifiedMs }: LegacyFile): Promise<void> {
    const { entries, problems } = report;
    this.#targets.ledger?.record({ path, size, modifiedMs, entries, failed: problems.length });
    if (!this.#options.deleteAfterMigration || problems.length > 0) return;
    report.renamedTo = freeName(`${path}.migrated`);
    await this.#rename(path, report.renamedTo);
    this.#log(`${path}: renamed to ${report.renamedTo}`);
  }

  async #rename(path: string, to: string): Promise<void> {
    try {
      await rename(path, to);
    } catch (error) {
      throw toDatabaseError(error, 'migration.rename');
    }
  }

  #isNews(path: string): boolean {
    const { size, mtimeMs: modifiedMs } = statSync(path);
    return this.#targets.ledger?.isUnchanged({ path, size, modifiedMs }) !== true;
  }

  #log(line: string): void {
    if (this.#options.verbose) this.#options.log(line);
  }
}

function countItems(files: readonly FileReport[]): Record<Phase, number> {
  const count = (phase: Phase) => files.reduce((sum, file) => sum + (file.phase === phase ? file.inserted : 0), 0);
  const [memories, sessions, cache, analytics] = PHASES.map(count);
  return { memories: memories ?? 0, sessions: sessions ?? 0, cache: cache ?? 0, analytics: analytics ?? 0 };
}

/** A name that no file has: an earlier import may have left one there. */
function freeName(path: string): string {
  let name = path;
  for (let count = 2; existsSync(name); count++) name = `${path}.${count}`;
  return name;
}
