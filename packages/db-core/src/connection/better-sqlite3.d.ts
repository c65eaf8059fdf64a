// better-sqlite3 ships no types. This declares what we call, in the terms of driver.ts, and is not published.
declare module 'better-sqlite3' {
  type Database = import('./connection.ts').Connection;
  interface Options {
    readonly?: boolean;
    fileMustExist?: boolean;
    timeout?: number;
    verbose?: (statement: string) => void;
  }
  const Connection: new (file: string | Uint8Array, options?: Options) => Database;
  export default Connection;
}
