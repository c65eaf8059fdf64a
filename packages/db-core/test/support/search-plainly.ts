// A process of its own: searches without WebAssembly, and prints what it found.
import { DatabaseManager } from '../../src/index.ts';
import { VectorIndex } from '../../src/vector-index/vector-index.ts';
import { SOURCE, vectorMaker } from './vectors.ts';

Reflect.deleteProperty(globalThis, 'WebAssembly');
const manager = new DatabaseManager({ dbPath: process.argv[2] ?? '' });
await manager.initialize();
const index = new VectorIndex(manager.getDatabase(), SOURCE);
const vector = vectorMaker(200, 301);
const found = Array.from({ length: 5 }, () =>
  (['exact', 'fast'] as const).map((mode) => index.search({ vector: vector(), model: 'm', topK: 5, mode })),
);
process.stdout.write(JSON.stringify({ webAssembly: typeof Reflect.get(globalThis, 'WebAssembly'), found }));
manager.close();
