import type { Database } from '@codebuddy/db-core';
import { encodeJson, requireString } from '@codebuddy/db-core/internal';
import type { ModelPrice } from '../prices/price-table.ts';
import { prepareStatements } from './statements.ts';

/** One request to a model, with what it cost. */
export interface UsageRequest {
  /** Names the request: it counts once, however often it is recorded. */
  readonly requestId: string;
  readonly requestedAt: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly sessionId: string | undefined;
  readonly projectId: string | undefined;
  readonly model: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly costNanos: number;
  /** The price that the cost was calculated with; absent if the caller told the cost. */
  readonly price: ModelPrice | undefined;
}

/** The table `usage_requests`: a row for each request to a model. */
export class UsageLog {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.#statements = prepareStatements(db);
  }

  /** Records a request, and returns whether it is new. */
  add(request: UsageRequest): boolean {
    const { changes } = this.#statements.insert.run({
      request_id: requireString(request.requestId, 'requestId'),
      requested_at: request.requestedAt,
      date: request.date,
      session_id: request.sessionId ?? null,
      project_id: request.projectId ?? null,
      model: requireString(request.model, 'model'),
      tokens_in: request.tokensIn,
      tokens_out: request.tokensOut,
      cache_read_tokens: request.cacheReadTokens,
      cache_write_tokens: request.cacheWriteTokens,
      cost_nanos: request.costNanos,
      price: request.price === undefined ? null : encodeJson(request.price, 'price'),
    });
    return changes > 0;
  }

  deleteBefore(date: string): number {
    const { changes } = this.#statements.deleteBefore.run({ date });
    this.#statements.deleteLineage.run();
    return changes;
  }

  deleteAll(): void {
    this.#statements.deleteAll.run();
  }
}
