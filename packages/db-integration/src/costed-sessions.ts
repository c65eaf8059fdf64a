import { getPersistentAnalytics } from '@codebuddy/db-analytics';
import { getDatabaseManager, type Session, type SessionUsage } from '@codebuddy/db-core';
import { readOptions } from '@codebuddy/db-core/internal';
import { getSessionRepository } from '@codebuddy/db-sessions';
import type { CostSummary } from './integration-types.ts';
import { NEW_SESSION } from './option-names.ts';

/** A session to start through the facade. */
export interface NewIntegrationSession {
  readonly projectId?: string | null | undefined;
  readonly projectPath?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly model?: string | null | undefined;
}

/** Sessions whose use is recorded twice, in the session and in the analytics, in one transaction. */
export class CostedSessions {
  #last: string | undefined;

  create(session: NewIntegrationSession): Session {
    const { projectId, projectPath, ...rest } = readOptions(session, NEW_SESSION, 'session');
    return getDatabaseManager().transaction(() => {
      const created = getSessionRepository().createSession({
        ...rest,
        project_id: projectId,
        project_path: projectPath,
      });
      getPersistentAnalytics().recordSession(projectId);
      this.#last = created.id;
      return created;
    });
  }

  addUsage(id: string, usage: SessionUsage): boolean {
    return getDatabaseManager().transaction(() => {
      if (!getSessionRepository().updateSessionStats(id, usage)) return false;
      const session = getSessionRepository().getSessionById(id);
      getPersistentAnalytics().record({
        sessionId: id,
        model: session?.model ?? 'unknown',
        projectId: session?.project_id,
        tokensIn: usage.tokensIn ?? 0,
        tokensOut: usage.tokensOut ?? 0,
        cost: usage.cost ?? 0,
        toolCalls: usage.toolCalls,
      });
      this.#last = id;
      return true;
    });
  }

  /** Adds up what was spent, by the session that was used last among others. */
  costSummary(): CostSummary {
    const analytics = getPersistentAnalytics();
    return {
      session: this.#last === undefined ? 0 : analytics.getSessionCost(this.#last),
      daily: analytics.getDailyCost(),
      weekly: analytics.getWeeklyCost(),
      monthly: analytics.getMonthlyCost(),
    };
  }
}
