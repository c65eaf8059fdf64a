/** The reads of one entry since they were last written down. */
export interface PendingHits {
  readonly key: string;
  readonly hits: number;
  /** When it was last read. */
  readonly usedAt: string;
}

const MOST_PENDING = 500;

/** Counts reads in memory, so that reading does not write: they are written down together, now and then. */
export class HitCounter {
  readonly #pending = new Map<string, { hits: number; usedAt: string }>();
  readonly #write: (pending: readonly PendingHits[]) => void;

  constructor(write: (pending: readonly PendingHits[]) => void) {
    this.#write = write;
  }

  count(key: string, usedAt: string): void {
    const entry = this.#pending.get(key);
    if (entry === undefined) this.#pending.set(key, { hits: 1, usedAt });
    else {
      entry.hits++;
      entry.usedAt = usedAt;
    }
    if (this.#pending.size >= MOST_PENDING) this.flush();
  }

  /** The reads of an entry that are not written down yet. */
  pendingHits(key: string): number {
    return this.#pending.get(key)?.hits ?? 0;
  }

  /** Forgets the reads of an entry that is about to be replaced. */
  forget(key: string): void {
    this.#pending.delete(key);
  }

  flush(): void {
    if (this.#pending.size === 0) return;
    const pending = Array.from(this.#pending, ([key, { hits, usedAt }]) => ({ key, hits, usedAt }));
    this.#pending.clear();
    this.#write(pending);
  }
}
