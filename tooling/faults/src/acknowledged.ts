import type { Database } from '@codebuddy/db-core';
import { list } from './consistency.ts';
import type { Acknowledgement } from './workers/acknowledge.ts';

/** What workers have been told is stored, over all their lives. */
export class Acknowledged {
  readonly #ids = new Map<string, Set<string>>();
  readonly #deleting = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #requests = new Map<string, number>();

  /** @param worker - the name that the worker writes its analytics under */
  add(worker: string, acknowledgements: readonly Acknowledgement[]): void {
    for (const acknowledgement of acknowledgements) {
      if (acknowledgement.kind === 'request') this.#requests.set(worker, (this.#requests.get(worker) ?? 0) + 1);
      else if (acknowledgement.kind === 'deleting-session') this.#deleting.add(acknowledgement.id);
      else if (acknowledgement.kind === 'deleted-session') this.#deleted.add(acknowledgement.id);
      else if ('id' in acknowledgement) this.#of(acknowledgement.kind).add(acknowledgement.id);
    }
  }

  /** How many writes were acknowledged. */
  get count(): number {
    let count = this.#deleted.size;
    for (const ids of this.#ids.values()) count += ids.size;
    for (const requests of this.#requests.values()) count += requests;
    return count;
  }

  /** Returns what is missing, half there, or there although it was deleted. */
  findLosses(db: Database): string[] {
    const whole = (sql: string) => new Set(list(db, sql));
    const batches =
      "SELECT substr(id, 1, instr(id, '/') - 1) AS batch FROM memories WHERE instr(id, '/') > 0 GROUP BY 1";
    const checks: readonly [kind: string, stored: Set<string>][] = [
      ['memory', whole("SELECT id FROM memories WHERE instr(id, '/') = 0")],
      ['memories', whole(`${batches} HAVING count(*) = 5`)],
      ['message', whole('SELECT operation_id FROM messages')],
      ['cache', whole('SELECT key FROM cache')],
      ['chunks', whole('SELECT project_id FROM code_chunks GROUP BY 1 HAVING count(*) = 20')],
      ['transcript', whole('SELECT id FROM sessions WHERE message_count = 4')],
    ];
    const missing = checks.flatMap(([kind, stored]) =>
      [...this.#of(kind)]
        .filter((id) => !stored.has(id) && !this.#deleting.has(id))
        .map((id) => `${kind} ${id} is lost`),
    );
    const partial = [
      ...list(db, `${batches} HAVING count(*) <> 5`),
      ...list(db, 'SELECT project_id FROM code_chunks GROUP BY 1 HAVING count(*) <> 20'),
    ].map((id) => `${id} is there in part`);
    const sessions = whole('SELECT id FROM sessions');
    const revived = [...this.#deleted].filter((id) => sessions.has(id)).map((id) => `${id} was deleted`);
    const requests = [...this.#requests].flatMap(([worker, count]) => {
      const stored = Number(list(db, `SELECT sum(requests) FROM analytics WHERE model = '${worker}'`)[0]);
      // The last one may have been stored without a word of it.
      return stored === count || stored === count + 1 ? [] : [`${worker}: ${count} requests, ${stored} stored`];
    });
    return [...missing, ...partial, ...revived, ...requests];
  }

  #of(kind: string): Set<string> {
    const ids = this.#ids.get(kind) ?? new Set();
    this.#ids.set(kind, ids);
    return ids;
  }
}
