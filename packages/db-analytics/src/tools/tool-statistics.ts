import type { Database, ToolStats, TopTool } from '@codebuddy/db-core';
import { read, requireInteger, requireNumber, requireString, toToolStats } from '@codebuddy/db-core/internal';
import { prepareStatements } from './statements.ts';

/** The table `tool_stats`: a row for each tool and project. */
export class ToolStatistics {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #now: () => string;

  constructor(db: Database, now: () => string) {
    this.#statements = prepareStatements(db);
    this.#now = now;
  }

  add(
    toolName: string,
    success: boolean,
    timeMs: number,
    cacheHit: boolean | undefined,
    projectId: string | undefined,
  ): void {
    this.#statements.add.run({
      tool_name: requireString(toolName, 'toolName'),
      project_id: projectId === undefined ? null : requireString(projectId, 'projectId'),
      success: success ? 1 : 0,
      failure: success ? 0 : 1,
      time_ms: requireNumber(timeMs, 'timeMs', { min: 0 }),
      cache_hit: cacheHit === true ? 1 : 0,
      cache_miss: cacheHit === false ? 1 : 0,
      now: this.#now(),
    });
  }

  rows(projectId: string | undefined): ToolStats[] {
    return this.#statements.rows.all({ projectId: projectId ?? null }).map(toToolStats);
  }

  top(limit: number): TopTool[] {
    return this.#statements.top.all({ limit: requireInteger(limit, 'limit', { min: 0 }) }).map((row) => {
      const usage = read.number(row, 'usage');
      return {
        tool_name: read.text(row, 'tool_name'),
        usage,
        success_rate: usage === 0 ? 0 : read.number(row, 'successes') / usage,
        avg_time_ms: usage === 0 ? 0 : read.number(row, 'time_ms') / usage,
      };
    });
  }

  deleteAll(): void {
    this.#statements.deleteAll.run();
  }
}
