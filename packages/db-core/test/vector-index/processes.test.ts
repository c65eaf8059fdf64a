import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDatabase } from '../../src/testing/index.ts';
import { VectorIndex } from '../../src/vector-index/vector-index.ts';
import { Scribbler, SOURCE, scan, vectorMaker } from '../support/vectors.ts';

const script = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

it('agrees with a scan while other processes write, after one is killed, and after a rebuild', async () => {
  using database = await temporaryDatabase();
  const { db, path } = database;
  new Scribbler(db, 100, 32).insert(1_500);
  const index = new VectorIndex(db, SOURCE);
  const vector = vectorMaker(32, 200);
  // Both look at one state of the database, whatever is written meanwhile.
  const compare = () => {
    const wanted = { vector: vector(), model: 'm', topK: 20, mode: 'exact' as const };
    db.exec('BEGIN');
    const found = index.search(wanted);
    const expected = scan(db, wanted);
    db.exec('COMMIT');
    expect(found).toEqual(expected);
    expect(index.search(wanted)).toHaveLength(20);
  };

  const writers = [1, 2, 3, 4].map((seed) =>
    fork(script('scribble.ts'), [path, String(seed), seed === 4 ? '100000' : '60'], { execArgv: [] }),
  );
  const [first, second, third, endless] = writers.map((writer: ChildProcess) => once(writer, 'exit'));
  const finished = Promise.all([first, second, third]).then((exits) => exits.map((exit) => exit?.[0]));
  let done = false;
  finished.finally(() => {
    done = true;
  });
  while (!done) {
    compare();
    await delay(5);
  }
  writers[3]?.kill('SIGKILL');
  await endless;
  expect(await finished).toEqual([0, 0, 0]);

  for (let i = 0; i < 10; i++) compare();
  const fresh = new VectorIndex(db, SOURCE);
  const wanted = { vector: vector(), model: 'm', topK: 50, mode: 'exact' as const };
  const before = fresh.search(wanted);
  expect(before).toEqual(index.search(wanted));
  fresh.rebuild();
  expect(fresh.search(wanted)).toEqual(before);
  expect(index.search(wanted)).toEqual(before);
});

it('finds the same without WebAssembly', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 300, 200).insert(2_100);
  const index = new VectorIndex(database.db, SOURCE);
  const vector = vectorMaker(200, 301);
  const expected = Array.from({ length: 5 }, () =>
    (['exact', 'fast'] as const).map((mode) => index.search({ vector: vector(), model: 'm', topK: 5, mode })),
  );
  const output = execFileSync(process.execPath, [script('search-plainly.ts'), database.path]);
  expect(JSON.parse(output.toString())).toEqual({ webAssembly: 'undefined', found: expected });
});
