// A process of its own: changes memories at random, in transactions of which some are rolled back, until it is told to end.
import { DatabaseManager } from '../../src/index.ts';
import { seededRandom } from '../../src/testing/index.ts';
import { VectorIndex } from '../../src/vector-index/vector-index.ts';
import { Scribbler, SOURCE } from './vectors.ts';

const [path = '', seed = '1', transactions = '50'] = process.argv.slice(2);

const manager = new DatabaseManager({ dbPath: path, busyTimeoutMs: 30_000 });
await manager.initialize();
const db = manager.getDatabase();
const scribbler = new Scribbler(db, Number(seed), 32);
const index = new VectorIndex(db, SOURCE);
const next = seededRandom(Number(seed) + 1_000);
for (let i = 0; i < Number(transactions); i++) {
  db.exec('BEGIN IMMEDIATE');
  const changes = next() < 0.1 ? 300 : 1 + Math.floor(next() * 20);
  for (let change = 0; change < changes; change++) scribbler.change();
  if (next() < 0.3) index.compactIfNeeded();
  db.exec(next() < 0.2 ? 'ROLLBACK' : 'COMMIT');
}
manager.close();
