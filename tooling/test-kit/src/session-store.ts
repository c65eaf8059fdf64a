export const describeSessionStore = 1;
export type SessionStore = unknown;
