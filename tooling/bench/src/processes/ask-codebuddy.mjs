// Opens the database in argv[2], asks once, and prints how many milliseconds that took.
const start = performance.now();
const { DatabaseManager } = await import('@codebuddy/db-core');
const { EmbeddingRepository } = await import('@codebuddy/db-embeddings');
const manager = new DatabaseManager({ dbPath: process.argv[2] });
await manager.initialize();
const index = new EmbeddingRepository(manager.getDatabase());
const chunk = index.getById(4711);
const found = index.searchSimilar(chunk.embedding, { embeddingModel: 'bench' }, 10);
const took = performance.now() - start;
if (found[0].embedding.id !== 4711) throw new Error('The nearest of a vector is not itself');
process.stdout.write(String(took));
