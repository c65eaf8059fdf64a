/** An entry as our records, or why there is none: it is broken, or its time is over. */
export type ParsedEntry<Value> =
  | { readonly value: Value }
  | { readonly reasons: readonly string[] }
  | { readonly expired: true };
