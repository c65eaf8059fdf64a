/** Holds the k largest of many scores: a heap whose root is the least of them. */
export class TopK {
  readonly #heap: Float64Array;
  #size = 0;

  /** @param k - at least 1 */
  constructor(k: number) {
    this.#heap = new Float64Array(k);
  }

  /** The k-th largest score so far; -Infinity until there are k. */
  get threshold(): number {
    return this.#size < this.#heap.length ? Number.NEGATIVE_INFINITY : (this.#heap[0] ?? 0);
  }

  add(score: number): void {
    if (this.#size < this.#heap.length) this.#raise(this.#size++, score);
    else if (score > (this.#heap[0] ?? 0)) this.#replaceRoot(score);
  }

  #raise(hole: number, score: number): void {
    const heap = this.#heap;
    let index = hole;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] ?? 0;
      if (above <= score) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = score;
  }

  #replaceRoot(score: number): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++;
      const below = heap[child] ?? 0;
      if (below >= score) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = score;
  }
}
