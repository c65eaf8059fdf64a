/** The asynchronous form of a result. The tuples keep a union, such as `Memory | null`, in one promise. */
type AsyncResult<Result> = [Result] extends [Promise<unknown>]
  ? Result
  : [Result] extends [IterableIterator<infer Item>]
    ? AsyncIterable<Item>
    : Promise<Result>;

/**
 * The asynchronous form of a store: every call takes the same parameters and returns a promise, and what can be iterated
 * becomes an `AsyncIterable`.
 *
 * @example
 * ```ts
 * declare const memories: Async<MemoryStore>;
 * const facts = await memories.find({ type: 'fact' });
 * ```
 */
export type Async<Store> = {
  readonly [Call in keyof Store]: Store[Call] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => AsyncResult<Result>
    : Store[Call];
};
