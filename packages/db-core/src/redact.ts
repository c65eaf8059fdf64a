/** Removes from a string what must not be stored. */
export type Redact = (text: string) => string;
