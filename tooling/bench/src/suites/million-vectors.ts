import { seededRandom } from '@codebuddy/db-core/testing';
import { clustered } from '@codebuddy/vector-sets';
import { CodeBuddy, PASSES } from '../contenders/codebuddy.ts';
import { exactScan } from '../contenders/exact-scan.ts';
import { SqliteVec } from '../contenders/sqlite-vec.ts';
import { meanOf } from '../mean-recall.ts';
import { takeTurns } from '../measure.ts';
import { faster, print, row, type SuiteReport } from '../report.ts';
import { scratchFile } from '../scratch-folder.ts';

const K = 10;
const DIMENSIONS = 384;
const QUERIES = 50;

/** A scan of 1.5 GB leaves nothing of the others' data if it was: more calls make up for the first. */
const CALLS_A_TURN = 12;

/** Searches a million vectors. */
export async function searchMillion(rows: number, rounds: number): Promise<SuiteReport> {
  const vectors = clustered(rows + QUERIES, DIMENSIONS, seededRandom(7));
  const queries = Array.from({ length: QUERIES }, (_, i) => vectors.at(rows + i));
  const query = (round: number) => queries[round % QUERIES] ?? vectors.at(0);
  print(`Loading ${rows.toLocaleString('en-US')} vectors ...`);
  const ours = await CodeBuddy.open(scratchFile('million.db'));
  ours.load(vectors, rows);
  const vec = await SqliteVec.open(scratchFile('million-vec.db'), DIMENSIONS);
  vec.load(vectors, rows, false);
  ours.search(query(0), K);
  const warm = await takeTurns(
    [
      { name: 'fast', run: (round) => ours.search(query(round), K, 'fast') },
      { name: '10 %', run: (round) => ours.search(query(round), K, 'fast', 'ten') },
      { name: 'vec0', run: (round) => vec.search(query(round), K) },
    ],
    rounds,
    CALLS_A_TURN,
  );
  const of = (name: string) => warm.get(name) ?? Number.NaN;
  const some = queries.slice(0, 20);
  const truth = some.map((vector) => exactScan(vectors, rows, vector, K));
  const ten = some.map((vector) => exactScan(vectors, rows, vector, K, PASSES['ten']));
  const fastFound = some.map((vector) => ours.search(vector, K, 'fast'));
  const tenFound = some.map((vector) => ours.search(vector, K, 'fast', 'ten'));
  ours.manager.close();
  vec.close();
  return {
    name: 'million',
    title: `Top 10 of ${rows.toLocaleString('en-US')} x ${DIMENSIONS}, warm`,
    rows: {
      vec0: row('sqlite-vec vec0 float', { time: of('vec0'), recall: 1 }),
      fast: row('**this, fast**', { time: of('fast'), recall: meanOf(fastFound, truth) }),
      ten: row('**this, fast, 10 % filter**', { time: of('10 %'), recall: meanOf(tenFound, ten) }),
    },
    goals: {
      fast: faster('top 10 of 1,000,000, fast', 'vec0 float', of('fast'), of('vec0'), 200),
      ten: faster('top 10 of 1,000,000, fast, 10 % filter', 'vec0 float', of('10 %'), of('vec0'), 100),
    },
  };
}
