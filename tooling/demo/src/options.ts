import { parseArgs } from 'node:util';

/** What the demo was asked to do. */
export interface DemoOptions {
  /** A legacy install to import. Absent: one is made. */
  readonly home: string | undefined;
  /** Where the database is kept. Absent: in a temporary folder that is removed at the end. */
  readonly db: string | undefined;
  /** A query for similar vectors. Absent: words from what was imported. */
  readonly search: string | undefined;
  readonly memories: number;
  readonly sessions: number;
}

const HELP = `Imports a Code-Buddy install of JSON files into SQLite, and shows what can be found in it.

  npm run demo -- [options]

  --home DIR       import this folder instead of a sample; its files are read, not changed
  --db FILE        keep the database in this file
  --search WORDS   search for these words
  --memories N     memories in the sample (2000)
  --sessions N     sessions in the sample (200)
`;

/** Reads the command line; prints the help if it is asked for. */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      home: { type: 'string' },
      db: { type: 'string' },
      search: { type: 'string' },
      memories: { type: 'string', default: '2000' },
      sessions: { type: 'string', default: '200' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return undefined;
  }
  const { home, db, search } = values;
  return { home, db, search, memories: Number(values.memories), sessions: Number(values.sessions) };
}
