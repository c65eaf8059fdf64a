import { seededRandom } from '@codebuddy/db-core/testing';
import type { Row } from '@codebuddy/figures';
import { clustered } from '@codebuddy/vector-sets';
import { addOne, addToIndex } from '../added-rows.ts';
import { CodeBuddy, PASSES } from '../contenders/codebuddy.ts';
import { exactScan } from '../contenders/exact-scan.ts';
import { LanceDb } from '../contenders/lancedb.ts';
import { SqliteVec } from '../contenders/sqlite-vec.ts';
import { TodaysApp } from '../contenders/todays-app.ts';
import { Usearch } from '../contenders/usearch.ts';
import { leastThatFinds, meanOf, meanRecall } from '../mean-recall.ts';
import { type Contender, once, takeTurns } from '../measure.ts';
import { faster, print, row, type SuiteReport, within } from '../report.ts';
import { scratchFile } from '../scratch-folder.ts';

const K = 10;
const DIMENSIONS = 384;
const QUERIES = 50;

/** What is asked several times in a row finds its data if the time before left it, as far as it fits there. */
const CALLS_A_TURN = 5;

/** New rows between two searches. */
const ADDED_AT_ONCE = 100;

/** A database of this project's index of code that other suites open again. */
export const CODE_DATABASE = scratchFile('code.db');

/** Searches 100,000 vectors in every way there is. */
export async function searchHundredThousand(rows: number, withLance: boolean, rounds: number): Promise<SuiteReport> {
  const vectors = clustered(rows + QUERIES, DIMENSIONS, seededRandom(7));
  const queries = Array.from({ length: QUERIES }, (_, i) => vectors.at(rows + i));
  const truth = queries.map((query) => exactScan(vectors, rows, query, K));
  const truthOf = (name: 'one' | 'ten') => queries.map((query) => exactScan(vectors, rows, query, K, PASSES[name]));
  const one = truthOf('one');
  const ten = truthOf('ten');

  const ours = await CodeBuddy.open(CODE_DATABASE);
  const app = new TodaysApp(scratchFile('app.db'));
  const vec = await SqliteVec.open(scratchFile('vec.db'), DIMENSIONS);
  const graph = await Usearch.create(DIMENSIONS);
  const lance = new LanceDb(scratchFile('lance'));
  print(`Loading ${rows.toLocaleString('en-US')} vectors ...`);
  app.load(vectors, rows);
  const oursReady = await once(() => {
    ours.load(vectors, rows);
    ours.search(vectors.at(0), K);
  });
  const vecReady = await once(() => vec.load(vectors, rows, true));
  const graphReady = await once(() => graph.load(vectors, rows));
  const lanceReady = withLance ? await once(() => lance.load(vectors, rows)) : Number.NaN;

  const query = (round: number) => queries[round % QUERIES] ?? vectors.at(0);
  const fastFound = queries.map((vector) => ours.search(vector, K, 'fast'));
  const reached = meanOf(fastFound, truth);
  const candidates = await leastThatFinds(
    [100, 200, 500, 1_000, 2_000],
    truth,
    (i, n) => vec.searchBits(query(i), K, n),
    reached,
  );
  const expansion = await leastThatFinds([64, 128, 256, 512, 1_024], truth, (i, ef) => {
    if (i === 0) graph.withExpansion(ef, scratchFile('graph'));
    return graph.search(query(i), K);
  });
  const overfetched = await leastThatFinds([1_000, 2_000, 4_000, 8_000, 16_000], one, (i, k) =>
    overfetch(graph, query(i), k),
  );
  const refine = withLance
    ? await leastThatFinds([5, 10, 20, 50], truth, (i, n) => lance.search(query(i), K, 20, n))
    : 0;

  const fast: Contender = { name: 'this, fast', run: (round) => ours.search(query(round), K, 'fast') };
  const contenders: Contender[] = [
    fast,
    { name: 'this, with records', run: (round) => ours.searchSimilar(query(round), K) },
    { name: 'this, 1 % filter', run: (round) => ours.search(query(round), K, undefined, 'one') },
    { name: 'this, 10 % filter', run: (round) => ours.search(query(round), K, undefined, 'ten') },
    { name: 'vec0 float', run: (round) => vec.search(query(round), K) },
    { name: 'vec0 bit', run: (round) => vec.searchBits(query(round), K, candidates) },
    { name: 'usearch', run: (round) => graph.search(query(round), K) },
    { name: 'usearch, 1 % filter', run: (round) => overfetch(graph, query(round), overfetched) },
  ];
  if (withLance) contenders.push({ name: 'LanceDB', run: (round) => lance.search(query(round), K, 20, refine) });
  const warm = await takeTurns(contenders, rounds, CALLS_A_TURN);
  const oneFound = queries.map((vector) => ours.search(vector, K, undefined, 'one'));
  const tenFound = queries.map((vector) => ours.search(vector, K, undefined, 'ten'));
  const exact = await takeTurns(
    [{ name: 'exact', run: (round) => ours.search(query(round), K, 'exact') }],
    rounds,
    CALLS_A_TURN,
  );
  const exactFound = queries.map((vector) => ours.search(vector, K, 'exact'));
  const appTime = await takeTurns([{ name: 'app', run: (round) => app.search(query(round), K) }], 3);
  const exactOne = await takeTurns(
    [{ name: 'one', run: (round) => ours.search(query(round), K, 'exact', 'one') }],
    rounds,
    CALLS_A_TURN,
  );
  const exactOneFound = queries.map((vector) => ours.search(vector, K, 'exact', 'one'));
  const oursAdd = addToIndex(ours, vectors, rows, 1);
  const oursAddMany = addToIndex(ours, vectors, rows, ADDED_AT_ONCE);
  const graphAdd = await addOne(rows, vectors, (row, vector) => graph.add(row, vector));

  const of = (name: string) => warm.get(name) ?? Number.NaN;
  const rowsOfLance: Record<string, Row> = withLance
    ? {
        lance: row(`LanceDB IVF_PQ, 20 probes, refine ${refine}`, {
          time: of('LanceDB'),
          recall: await meanRecall(truth, (i) => lance.search(query(i), K, 20, refine)),
          ready: lanceReady,
        }),
      }
    : {};
  const figures: Record<string, Row> = {
    app: row("today's app: every row to an object, cosine in JavaScript", { time: appTime.get('app') ?? 0, recall: 1 }),
    vec0: row('sqlite-vec vec0 float', { time: of('vec0 float'), recall: 1, ready: vecReady }),
    'vec0-bit': row(`sqlite-vec vec0 bit + rescoring ${candidates}`, {
      time: of('vec0 bit'),
      recall: await meanRecall(truth, (i) => vec.searchBits(query(i), K, candidates)),
    }),
    usearch: row(`usearch HNSW f32, expansion ${expansion}`, {
      time: of('usearch'),
      recall: await meanRecall(truth, (i) => graph.search(query(i), K)),
      ready: graphReady,
      added: graphAdd,
    }),
    'usearch-one': row(`usearch, 1 % filter, ${overfetched} fetched`, {
      time: of('usearch, 1 % filter'),
      recall: await meanRecall(one, (i) => overfetch(graph, query(i), overfetched)),
    }),
    ...rowsOfLance,
    exact: row('**this, exact**', { time: exact.get('exact') ?? 0, recall: meanOf(exactFound, truth) }),
    fast: row('**this, fast**', { time: of('this, fast'), recall: reached, ready: oursReady, added: oursAdd }),
    records: row('**this, fast, with records**', { time: of('this, with records') }),
    one: row('**this, 1 % filter**', { time: of('this, 1 % filter'), recall: meanOf(oneFound, one) }),
    'exact-one': row('**this, 1 % filter, exact**', {
      time: exactOne.get('one') ?? 0,
      recall: meanOf(exactOneFound, one),
    }),
    ten: row('**this, 10 % filter**', { time: of('this, 10 % filter'), recall: meanOf(tenFound, ten) }),
  };
  // Until its vectors can be searched, whatever else is stored with them: the graph has neither texts nor a file.
  const indexReady =
    (await once(() => ours.index.rebuild())) + (await once(() => ours.search(vectors.at(0), K, 'fast')));
  ours.manager.close();
  app.close();
  vec.close();
  const exactTime = exact.get('exact') ?? 0;
  const work = `top 10 of ${rows.toLocaleString('en-US')}`;
  const goalsOfLance = withLance
    ? {
        'fast-lance': faster(`${work}, fast`, 'LanceDB IVF_PQ', of('this, fast'), of('LanceDB'), 3),
        'vectors-lance': faster('ready after a bulk load: vectors', 'LanceDB IVF_PQ', indexReady, lanceReady, 50),
        'everything-lance': faster('ready after a bulk load: everything', 'LanceDB IVF_PQ', oursReady, lanceReady, 50),
      }
    : {};
  const overfetching = of('usearch, 1 % filter');
  return {
    name: 'search',
    title: `Top 10 of ${rows.toLocaleString('en-US')} x ${DIMENSIONS}, warm`,
    rows: { ...figures, index: row('**this, the vector index alone**', { ready: indexReady }) },
    goals: {
      'exact-app': faster(`${work}, exact`, "today's app", exactTime, appTime.get('app') ?? 0, 300),
      'exact-vec0': faster(`${work}, exact`, 'vec0 float', exactTime, of('vec0 float'), 12),
      'fast-vec0': faster(`${work}, fast`, 'vec0 float', of('this, fast'), of('vec0 float'), 30),
      'fast-vec0-bit': faster(`${work}, fast`, 'vec0 bit with rescoring', of('this, fast'), of('vec0 bit'), 25),
      'fast-usearch': within(`${work}, fast`, 'usearch HNSW', of('this, fast'), of('usearch'), 2),
      'vectors-usearch': faster('ready after a bulk load: vectors', 'usearch HNSW', indexReady, graphReady, 15),
      'everything-usearch': faster('ready after a bulk load: everything', 'usearch HNSW', oursReady, graphReady, 15),
      added: faster('one row added to the index, then a search', 'usearch HNSW', oursAdd, graphAdd, 20),
      'added-many': faster(
        `one of ${ADDED_AT_ONCE} rows added before a search`,
        'usearch HNSW',
        oursAddMany,
        graphAdd,
        20,
      ),
      'exact-one': faster(
        `${work}, 1 % filter, exact`,
        'usearch HNSW, over-fetching',
        exactOne.get('one') ?? 0,
        overfetching,
        20,
      ),
      ...goalsOfLance,
      one: within(`${work}, 1 % filter`, 'without a filter', of('this, 1 % filter'), of('this, fast'), 1),
      ten: within(`${work}, 10 % filter`, 'without a filter', of('this, 10 % filter'), of('this, fast'), 1),
    },
  };
}

function overfetch(graph: Usearch, query: Float32Array, k: number): number[] {
  return graph
    .search(query, k)
    .filter((row) => PASSES['one']?.(row))
    .slice(0, K);
}
