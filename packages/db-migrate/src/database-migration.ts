import { formatTimestamp, type NamesOf, readOptions, TypedEventEmitter } from '@codebuddy/db-core/internal';
import { dryRunTargets } from './dry-run/dry-run-targets.ts';
import { describePath, legacyFolders, listFiles } from './files/legacy-folder.ts';
import { type MigrationOptions, type ResolvedOptions, resolveOptions } from './migration-options.ts';
import {
  type FileReport,
  formatProblem,
  isNotImported,
  type MigrationResult,
  PHASES,
  type Phase,
} from './migration-report.ts';
import { isImported, type MigrationStatus, statusOf } from './migration-status.ts';
import { importCache } from './phases/import-cache.ts';
import { importCosts } from './phases/import-costs.ts';
import { importMemories } from './phases/import-memories.ts';
import { importSessions } from './phases/import-sessions.ts';
import type { DoneFile, PhaseContext } from './phases/phase-context.ts';
import { settleFiles } from './phases/settle-files.ts';
import type { MigrationTargets } from './targets.ts';

const TARGET_NAMES: NamesOf<MigrationTargets> = {
  memories: true,
  sessions: true,
  cache: true,
  analytics: true,
  ledger: true,
};

/** The events of an import. */
export interface MigrationEvents {
  progress: { phase: Phase; status: 'starting' | 'complete'; count?: number };
  /** The progress of a phase, for a progress bar. */
  advance: { phase: Phase; entries: number; bytes: number; totalBytes: number };
  complete: MigrationResult;
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
    this.#targets = readOptions(targets, TARGET_NAMES, 'targets');
    this.#options = resolveOptions(options);
  }

  /** Returns whether a legacy file is there that has not been imported as it is. */
  needsMigration(): boolean {
    return this.getMigrationStatus().needsMigration;
  }

  /** Lists the places where legacy files may be, and returns whether there is something to import. */
  getMigrationStatus(): MigrationStatus {
    const phases = PHASES.filter((phase) => this.#hasTarget(phase));
    return statusOf(this.#folders(), phases, this.#targets.ledger);
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
      notMigrated: [
        ...PHASES.flatMap((phase) => (this.#hasTarget(phase) ? [] : this.#paths(phase))),
        ...files.filter(isNotImported).map(({ path }) => path),
      ],
      messages,
    };
    this.emit('complete', result);
    return result;
  }

  #folders() {
    return legacyFolders(this.#options.home, this.#options.projects);
  }

  #hasTarget(phase: Phase): boolean {
    return this.#targets[phase] !== undefined;
  }

  /** The regular files of a kind that are there. */
  #paths(phase: Phase): string[] {
    return this.#folders().flatMap((folder) => listFiles(folder, phase));
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
    const totalBytes = this.#paths(phase).reduce((sum, path) => sum + (describePath(path).size ?? 0), 0);
    const { dryRun, deleteAfterMigration, skipUnchanged, redact, maxFileBytes, clock } = this.#options;
    return {
      phase,
      target,
      folders: this.#folders(),
      skips: (path) => skipUnchanged && isImported(path, this.#targets.ledger),
      dryRun,
      renames: deleteAfterMigration && !dryRun,
      now: formatTimestamp(clock()),
      redact,
      maxFileBytes,
      advance: (entries, bytes) => this.emit('advance', { phase, entries, bytes, totalBytes }),
      filesDone: async (done) => {
        files.push(...done.map(({ report }) => report));
        await this.#settle(done);
      },
    };
  }

  async #settle(done: readonly DoneFile[]): Promise<void> {
    const { dryRun, deleteAfterMigration } = this.#options;
    const ledger = dryRun ? undefined : this.#targets.ledger;
    await settleFiles(done, { ledger, renames: deleteAfterMigration && !dryRun });
    for (const { path, problems, renamedTo } of done.map(({ report }) => report)) {
      for (const problem of problems) this.#log(formatProblem(problem));
      if (renamedTo !== undefined) this.#log(`${path}: renamed to ${renamedTo}`);
    }
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
