import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@codebuddy/db-core/testing';
import { clustered } from '@codebuddy/vector-sets';
import { CodeBuddy } from '../contenders/codebuddy.ts';
import { SqliteVec } from '../contenders/sqlite-vec.ts';
import { median } from '../measure.ts';
import { row, type SuiteReport, within } from '../report.ts';
import { scratchFile } from '../scratch-folder.ts';
import { CODE_DATABASE } from './vector-search.ts';

const script = (name: string) => fileURLToPath(new URL(`../processes/${name}.mjs`, import.meta.url));
const RUNS = 15;
const FEW = 1_000;

/** A process that opens a database of 100,000 vectors and asks once, and one that goes on asking. */
export async function newProcess(rows: number): Promise<SuiteReport> {
  const vec = await SqliteVec.open(scratchFile('vec-alone.db'), 384);
  vec.load(clustered(rows, 384, seededRandom(7)), rows, false);
  vec.close();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    ours.push(ask('ask-codebuddy', CODE_DATABASE));
    theirs.push(ask('ask-sqlite-vec', scratchFile('vec-alone.db')));
  }
  const few = await CodeBuddy.open(scratchFile('few.db'));
  few.load(clustered(FEW, 384, seededRandom(7)), FEW);
  few.manager.close();
  const grown = median(Array.from({ length: 3 }, () => ask('memory-of-codebuddy', CODE_DATABASE)));
  const grownWithFew = median(Array.from({ length: 3 }, () => ask('memory-of-codebuddy', scratchFile('few.db'))));
  const megabytes = grown - grownWithFew;
  const matrix = (rows * 384 * 4) / 1e6;
  const work = `memory, fast: the process grows by ${grown.toFixed(0)} MB, with ${FEW} vectors by ${grownWithFew.toFixed(0)}`;
  return {
    name: 'new-process',
    title: `First answer in a new process, ${rows.toLocaleString('en-US')} x 384, from the start of its script`,
    rows: {
      vec0: row('sqlite-vec vec0 float', { time: median(theirs) }),
      this: row('**this**', { time: median(ours), memory: megabytes * 1e6 }),
    },
    goals: {
      time: within('first answer in a new process', 'vec0 float in a new process', median(ours), median(theirs), 1),
      memory: within(work, `the float32 matrix, ${matrix.toFixed(0)} MB`, megabytes, matrix, 0.25),
    },
  };
}

function ask(name: string, file: string): number {
  return Number(execFileSync(process.execPath, [script(name), file], { encoding: 'utf8' }));
}
