// Opens the database in argv[2], asks 200 times, and prints how many megabytes the process took for that at its largest.
import { readFileSync } from 'node:fs';
import { DatabaseManager } from '@codebuddy/db-core';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';

const manager = new DatabaseManager({ dbPath: process.argv[2] });
await manager.initialize();
const index = new EmbeddingRepository(manager.getDatabase());
manager.getDatabase().pragma('cache_size = -2000');
const chunk = index.getById(471);
const before = process.memoryUsage.rss();
for (let i = 0; i < 200; i++) index.searchSimilar(chunk.embedding, { embeddingModel: 'bench', mode: 'fast' }, 10);
// resourceUsage() starts from what the parent took; Linux tells what this program took itself.
const peak =
  process.platform === 'linux'
    ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
    : process.memoryUsage.rss();
process.stdout.write(String((peak - before) / 1e6));
