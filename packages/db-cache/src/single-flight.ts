/** Lets concurrent callers share one computation of the same thing. */
export class SingleFlight {
  readonly #running = new Map<string, Promise<unknown>>();

  /** Returns what is being computed under a key, or begins to compute it. A failure is everybody's, and is forgotten. */
  run(key: string, compute: () => Promise<unknown>): Promise<unknown> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const computation = compute().finally(() => this.#running.delete(key));
    this.#running.set(key, computation);
    return computation;
  }
}
