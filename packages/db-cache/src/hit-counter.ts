import { formatTimestamp } from '@codebuddy/db-core/internal';

/** The reads of one entry since they were last written down. */
export interface PendingHits {
  readonly key: string;
  readonly hits: number;
  /** The instant it was last read. */
  readonly usedAt: string;
}

/** Entries whose reads are held at most: half a megabyte. */
const MAX_PENDING = 4_000;

/** Reads are held in memory for at most this long, in milliseconds. */
const MAX_PENDING_MS = 60_000;

/**
 * Counts reads in memory, so that reading does not write: they are written down together, now and then. A process that
 * is killed loses some counts, no entries.
 */
export class HitCounter {
  readonly #pending = new Map<string, { hits: number; usedAt: number }>();
  readonly #write: (pending: readonly PendingHits[]) => void;
  #since = 0;

  constructor(write: (pending: readonly PendingHits[]) => void) {
    this.#write = write;
  }

  /** @param now - in milliseconds since 1970 */
  count(key: string, now: number): void {
    const entry = this.#pending.get(key);
    if (this.#pending.size === 0) this.#since = now;
    if (entry === undefined) this.#pending.set(key, { hits: 1, usedAt: now });
    else {
      entry.hits++;
      entry.usedAt = now;
    }
    if (this.#pending.size >= MAX_PENDING || now - this.#since >= MAX_PENDING_MS) this.flush();
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
    const pending = Array.from(this.#pending, ([key, { hits, usedAt }]) => ({
      key,
      hits,
      usedAt: formatTimestamp(usedAt),
    }));
    this.#pending.clear();
    this.#write(pending);
  }
}
