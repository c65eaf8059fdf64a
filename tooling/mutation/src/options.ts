import { parseArgs } from 'node:util';

/** What the command is asked to do. */
export interface Options {
  /** The packages to change; all if none is given. */
  readonly packages: readonly string[];
  readonly seed: string;
  /** How many mutants to draw of each package, instead of the usual number. */
  readonly sample: number | undefined;
  /** Only mutants whose file's path contains this text. */
  readonly file: string;
  readonly list: boolean;
  readonly fresh: boolean;
}

/** What `--help` prints. */
export const USAGE = `pnpm mutation [--package NAME]... [--seed TEXT] [--sample NUMBER] [--file TEXT] [--list] [--fresh]

Changes the code of packages one place at a time, and counts the changes that no test notices.

  --package NAME   such as db-cache; may be given several times (default: all)
  --seed TEXT      decides which places are changed (default: 1)
  --sample NUMBER  how many places of each package (default: 60; db-core 300)
  --file TEXT      only places in files whose path contains the text
  --list           shows the changes and tries none
  --fresh          tries again what an earlier run has tried`;

/**
 * Reads the arguments of the command.
 *
 * @param known - the names of all packages
 * @returns `undefined` if help was asked for
 * @throws TypeError when an argument makes no sense
 */
export function parseOptions(args: readonly string[], known: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      package: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
      sample: { type: 'string' },
      file: { type: 'string', default: '' },
      list: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const packages = values.package.map((name) => name.replace(/^@codebuddy\//, ''));
  for (const name of packages) {
    if (!known.includes(name)) throw new TypeError(`There is no package ${name}. Choose from ${known.join(', ')}.`);
  }
  const sample = values.sample === undefined ? undefined : Number(values.sample);
  if (sample !== undefined && !(Number.isInteger(sample) && sample >= 0)) {
    throw new TypeError(`--sample ${values.sample}: expected an integer from 0`);
  }
  const { seed, file, list, fresh } = values;
  return { packages: packages.length === 0 ? known : packages, seed, sample, file, list, fresh };
}
