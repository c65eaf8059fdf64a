// better-sqlite3 ships no types: a connection is what db-core says it is.
declare module 'better-sqlite3' {
  type Connection = import('@codebuddy/db-core').Database & { loadExtension(path: string): void };
  const Connection: new (file: string, options?: { readonly?: boolean }) => Connection;
  export default Connection;
}
