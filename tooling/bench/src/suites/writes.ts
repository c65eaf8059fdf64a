import { identifierWords } from '@codebuddy/db-core/internal';
import { seededRandom } from '@codebuddy/db-core/testing';
import { MemoryRepository } from '@codebuddy/db-memory';
import type { Goal } from '@codebuddy/figures';
import { clustered } from '@codebuddy/vector-sets';
import { CodeBuddy, chunkOf } from '../contenders/codebuddy.ts';
import { TodaysApp } from '../contenders/todays-app.ts';
import { once, takeTurns } from '../measure.ts';
import { row, type SuiteReport, time, within } from '../report.ts';
import { scratchFile } from '../scratch-folder.ts';

/** Loads chunks in bulk, and adds memories one by one. */
export async function writes(rows: number, repetitions: number): Promise<SuiteReport> {
  const vectors = clustered(rows, 384, seededRandom(7));
  const loads = new Map<string, number[]>();
  const note = (name: string, took: number) => loads.set(name, [...(loads.get(name) ?? []), took]);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const journal of ['wal', 'delete'] as const) {
      const raw = new TodaysApp(scratchFile(`raw-${journal}-${repetition}.db`), journal);
      note(journal, await once(() => raw.load(vectors, rows)));
      raw.close();
    }
    const ours = await CodeBuddy.open(scratchFile(`bulk-${repetition}.db`));
    note('ours', await once(() => ours.load(vectors, rows)));
    // What full text takes is measured apart: splitting names, and indexing all texts.
    const splitting = await once(() => {
      for (let row = 0; row < rows; row++) identifierWords(chunkOf(vectors, row).chunk_text);
    });
    const indexing = await once(() => {
      ours.manager.exec("INSERT INTO code_contents_fts (code_contents_fts) VALUES ('rebuild')");
    });
    note('full text', splitting + indexing);
    ours.manager.close();
  }
  const least = (name: string) => Math.min(...(loads.get(name) ?? []));
  const withoutFullText = least('ours') - least('full text');
  return {
    name: 'writes',
    title: `Bulk load of ${rows.toLocaleString('en-US')} chunks of 450 characters with vectors, the fastest of ${repetitions}`,
    rows: {
      'raw-wal': row('raw inserts, better-sqlite3, write-ahead log', { time: least('wal') }),
      raw: row('raw inserts, better-sqlite3, its default journal', { time: least('delete') }),
      vectors: row('**this, with vector index**', { time: withoutFullText }),
      everything: row('**this, with vector index and full text**', { time: least('ours') }),
    },
    goals: {
      'vectors-wal': within(
        'bulk load with vector index',
        'raw inserts, write-ahead log',
        withoutFullText,
        least('wal'),
        1,
      ),
      'everything-wal': within(
        'the same with full text',
        'raw inserts, write-ahead log',
        least('ours'),
        least('wal'),
        2.5,
      ),
      vectors: within(
        'bulk load with vector index',
        'raw inserts, default journal',
        withoutFullText,
        least('delete'),
        1,
      ),
      ...(await addMemories()),
    },
  };
}

async function addMemories(): Promise<Record<string, Goal>> {
  const vectors = clustered(4_000, 384, seededRandom(9));
  const ours = await CodeBuddy.open(scratchFile('memories.db'));
  const memories = new MemoryRepository(ours.manager.getDatabase());
  const raw = await CodeBuddy.open(scratchFile('memories-raw.db'));
  const withText = await CodeBuddy.open(scratchFile('memories-text.db'));
  const INSERT = `INSERT INTO memories (id, type, scope, content, embedding, embedding_model, importance)
    VALUES (?, 'fact', 'user', ?, ?, 'bench', 0.5)`;
  const insert = raw.manager.prepare(INSERT);
  const insertWithText = withText.manager.prepare(INSERT);
  // The same table without what this project derives from it: the log of vectors, and full text.
  for (const { manager } of [raw, withText]) manager.exec('DROP TRIGGER memories_vectors_ai');
  raw.manager.exec('DROP TRIGGER memories_ai');
  const bytes = (round: number) => {
    const { buffer, byteOffset, byteLength } = vectors.at(round);
    return Buffer.from(buffer, byteOffset, byteLength);
  };
  const content = (round: number) => `Memory ${round}: the retry helper uses full jitter, up to ten seconds`;
  const times = await takeTurns(
    [
      {
        name: 'raw',
        run: (round) => insert.run(`id-${round}`, content(round), bytes(round)),
      },
      {
        name: 'raw with full text',
        run: (round) => insertWithText.run(`id-${round}`, content(round), bytes(round)),
      },
      {
        name: 'ours',
        run: (round) =>
          memories.create({
            type: 'fact',
            content: content(round),
            embedding: vectors.at(round),
            embedding_model: 'bench',
          }),
      },
    ],
    150,
    20,
  );
  ours.manager.close();
  raw.manager.close();
  withText.manager.close();
  const of = (name: string) => times.get(name) ?? Number.NaN;
  const work = `one memory added (${time(of('ours'))})`;
  return {
    'memory-text': within(
      work,
      'raw insert into the same table, with full text',
      of('ours'),
      of('raw with full text'),
      2,
    ),
    memory: within(work, 'raw insert into the same table, nothing derived', of('ours'), of('raw'), 2),
  };
}
