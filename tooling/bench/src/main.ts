import { parseArgs } from 'node:util';
import { installPeers } from './peers.ts';
import { type Line, machine, print, printLines } from './report.ts';
import { searchLexicalVectors } from './suites/lexical-vectors.ts';
import { newProcess } from './suites/new-process.ts';
import { growth, plainCalls } from './suites/plain-calls.ts';
import { searchHundredThousand, searchMillion } from './suites/vector-search.ts';
import { writes } from './suites/writes.ts';

const HELP = `Compares this project with its peers, and prints what was asked for beside what was measured.

  pnpm bench            everything: about 10 minutes, 8 GB of memory and of disk
  pnpm bench --short    without a million vectors, LanceDB and long repetitions: under 3 minutes
  pnpm bench --only search|million|lexical|process|writes|plain|growth

Contenders take turns in one process; a time is the middle of all calls. The vectors are those of
tooling/bench/src/vectors: clustered ones of a fixed seed, and lexical ones of real code.`;

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
  print(`Measured on ${machine()}.`);
  const wants = (suite: string) => (only === undefined ? !(isShort && suite === 'million') : only === suite);
  const lines: Line[] = [];
  // The suite of new processes opens the database that the one before it has filled.
  if (wants('search') || wants('process'))
    lines.push(...(await searchHundredThousand(100_000, !isShort, isShort ? 12 : 40)));
  if (wants('process') || wants('search')) lines.push(...(await newProcess(100_000)));
  if (wants('lexical')) await searchLexicalVectors(isShort ? 30_000 : 100_000, 100);
  if (wants('writes')) lines.push(...(await writes(100_000, isShort ? 1 : 3)));
  if (wants('plain')) lines.push(...(await plainCalls(isShort ? 12 : 40)));
  if (wants('growth')) lines.push(...(await growth([10_000, isShort ? 100_000 : 1_000_000], 100)));
  if (wants('million')) lines.push(...(await searchMillion(1_000_000, 6)));
  printLines(lines);
}
