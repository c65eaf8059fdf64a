// What a program does with the packages, in one run: it prints what came of each part as JSON.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseError, DatabaseManager, salvageDatabase } from '@codebuddy/db-core';
import { EmbeddingProvider, EmbeddingRepository, ProjectIndexer } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';

const ENDLESS = 'WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';

async function main() {
  if (process.env.STARTS !== undefined) appendFileSync(process.env.STARTS, `${process.pid}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'codebuddy-agent-'));
  // The driver is loaded without waiting: nothing has loaded it yet.
  writeFileSync(join(folder, 'broken.db'), 'This was a database.');
  const salvaged = salvage(join(folder, 'broken.db'), join(folder, 'salvaged.db'));
  const manager = new DatabaseManager({ dbPath: join(folder, 'agent.db') });
  const warnings = [];
  manager.on('db:warning', ({ message }) => warnings.push(message));
  await manager.initialize();
  const memories = new MemoryRepository(manager.getDatabase());
  memories.create({
    type: 'fact',
    content: 'The build needs Node',
    embedding: new Float32Array([1, 2]),
    embedding_model: 'm',
  });
  const found = memories.search('build').length;
  const error = told(() => memories.create({ type: 'fact', content: '' }));
  const query = async (sql, options) =>
    manager.queryReadOnly(sql, options).then(
      ({ rows }) => rows,
      (failure) => failure.code,
    );
  const rows = await query('SELECT count(*) FROM memories', { timeoutMs: 60_000 });
  const endless = await query(ENDLESS, { timeoutMs: Number(process.env.ENDLESS_MS ?? 1_500) });
  const repository = new EmbeddingRepository(manager.getDatabase());
  const provider = new EmbeddingProvider({ provider: 'lexical' });
  const indexer = new ProjectIndexer({ repository, provider, projectId: 'p', projectPath: process.env.PROJECT });
  const { indexed, withoutSymbols } = await indexer.index();
  const symbols = repository.find().map(({ symbol_name: name }) => name ?? null);
  manager.close();
  rmSync(folder, { recursive: true });
  console.log(
    JSON.stringify({
      salvaged,
      found,
      error,
      rows,
      endless,
      indexed,
      withoutSymbols,
      symbols,
      warnings: warnings.length,
    }),
  );
}

function salvage(damaged, path) {
  try {
    return salvageDatabase(damaged, path).complete;
  } catch (error) {
    return error.code;
  }
}

function told(call) {
  try {
    call();
    return undefined;
  } catch (error) {
    return [error.name, error.code, DatabaseError.isInstance(error)];
  }
}

main();
