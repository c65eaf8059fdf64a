// Opens the database in argv[2], asks once, and prints how many milliseconds that took.
import { createRequire } from 'node:module';

const start = performance.now();
const resolve = createRequire(new URL('../../peers/package.json', import.meta.url)).resolve;
const { default: Database } = await import('better-sqlite3');
const { load } = await import(resolve('sqlite-vec'));
const db = new Database(process.argv[2]);
load(db);
const { embedding } = db.prepare('SELECT embedding FROM whole WHERE rowid = 4711').get();
const found = db.prepare('SELECT rowid FROM whole WHERE embedding MATCH ? AND k = 10').all(embedding);
const took = performance.now() - start;
if (found[0].rowid !== 4711) throw new Error('The nearest of a vector is not itself');
process.stdout.write(String(took));
