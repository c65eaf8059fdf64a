/** Takes out of a text what must not be stored. */
export type Redact = (text: string) => string;
