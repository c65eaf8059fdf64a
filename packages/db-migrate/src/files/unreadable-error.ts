/** A legacy file, or a part of it, can't be read. The message says why, and nothing of its content. */
export class UnreadableError extends Error {}
