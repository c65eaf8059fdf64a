/** Lets concurrent callers share one computation of the same thing. */
export class SingleFlight {
  readonly #running = new Map<string, Promise<unknown>>();

  /**
   * Returns what is being computed under a key, or begins to compute it. All callers share a rejection; it is not kept.
   *
   * @param keep - stores the result. Until it has, later callers share the computation too; nobody waits for it
   */
  run(key: string, compute: () => Promise<unknown>, keep: (value: unknown) => Promise<void>): Promise<unknown> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const forget = () => void this.#running.delete(key);
    const computation = compute().then((value) => {
      void keep(value).finally(forget);
      return value;
    });
    computation.catch(forget);
    this.#running.set(key, computation);
    return computation;
  }
}
