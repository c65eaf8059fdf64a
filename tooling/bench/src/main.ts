import { parseArgs } from 'node:util';
import { fillPages, recordBenchmark } from '@codebuddy/figures';
import { installPeers } from './peers.ts';
import { print, printReport, type SuiteReport } from './report.ts';
import { searchDistributions } from './suites/distributions.ts';
import { durability } from './suites/durability.ts';
import { legacyImport } from './suites/legacy-import.ts';
import { searchLexicalVectors } from './suites/lexical-vectors.ts';
import { searchMillion } from './suites/million-vectors.ts';
import { newProcess } from './suites/new-process.ts';
import { growth, plainCalls } from './suites/plain-calls.ts';
import { retrieval } from './suites/retrieval.ts';
import { searchHundredThousand } from './suites/vector-search.ts';
import { writes } from './suites/writes.ts';

const HELP = `Compares this project with its peers, prints what was asked for beside what was measured, and writes it into
docs/benchmarks.json, from where the pages of the documentation are filled in.

  pnpm bench            everything: about 15 minutes, 8 GB of memory and of disk
  pnpm bench --short    without a million vectors, LanceDB and long repetitions, about 3 minutes; writes nothing
  pnpm bench --only search|lexical|writes|plain|import|durability|growth|retrieval|million|distributions

Contenders take turns in one process; a time is the middle of all calls. The vectors are those of
tooling/vector-sets: clustered ones of a fixed seed, lexical ones of real code, and hard ones of many distributions.`;

interface Suite {
  readonly name: string;
  run(isShort: boolean): Promise<readonly SuiteReport[]>;
}

/** The suite of new processes opens the database that the search has filled, so they are one. */
const SUITES: readonly Suite[] = [
  {
    name: 'search',
    run: async (isShort) => [
      await searchHundredThousand(100_000, !isShort, isShort ? 12 : 40),
      await newProcess(100_000),
    ],
  },
  { name: 'lexical', run: async (isShort) => [await searchLexicalVectors(isShort ? 30_000 : 100_000, 100)] },
  { name: 'writes', run: async (isShort) => [await writes(100_000, isShort ? 1 : 3)] },
  { name: 'plain', run: async (isShort) => [await plainCalls(isShort ? 12 : 40)] },
  {
    name: 'import',
    run: async (isShort) => [await legacyImport(isShort ? 4_000 : 40_000, isShort ? 300 : 3_000, isShort ? 1 : 5)],
  },
  { name: 'durability', run: async (isShort) => [await durability(isShort ? 12 : 40)] },
  { name: 'growth', run: async (isShort) => [await growth([10_000, isShort ? 100_000 : 1_000_000], 100)] },
  { name: 'retrieval', run: async () => [await retrieval()] },
  { name: 'million', run: async (isShort) => (isShort ? [] : [await searchMillion(1_000_000, 6)]) },
  {
    name: 'distributions',
    run: async (isShort) => {
      const reports: SuiteReport[] = [];
      for (const rows of isShort ? [20_000] : [20_000, 100_000, 1_000_000])
        reports.push(await searchDistributions(rows));
      return reports;
    },
  },
];

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) print(HELP);
else await run(values.short, values.only);

async function run(isShort: boolean, only: string | undefined): Promise<void> {
  installPeers();
  for (const suite of SUITES.filter(({ name }) => only === undefined || name === only)) {
    for (const report of await suite.run(isShort)) {
      printReport(report);
      // A short run is too noisy to be quoted.
      if (!isShort) recordBenchmark(report.name, { ...report, command: `pnpm bench --only ${suite.name}` });
    }
  }
  if (!isShort) fillPages();
}
