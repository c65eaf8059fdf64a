import type { MigrationTargets } from '../targets.ts';
import { DryRunCache } from './dry-run-cache.ts';
import { DryRunCosts } from './dry-run-costs.ts';
import { DryRunMemories } from './dry-run-memories.ts';
import { DryRunSessions } from './dry-run-sessions.ts';

/** Returns targets that decide as the given ones would, and store nothing. */
export function dryRunTargets({ memories, sessions, cache, analytics }: MigrationTargets): MigrationTargets {
  return {
    memories: memories && new DryRunMemories(memories),
    sessions: sessions && new DryRunSessions(sessions),
    cache: cache && new DryRunCache(cache),
    analytics: analytics && new DryRunCosts(analytics),
  };
}
