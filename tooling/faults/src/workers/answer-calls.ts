// Makes calls of repositories that another process asks for, and kills itself where it is told to.
import { DatabaseManager } from '@codebuddy/db-core';
import { openRepositories, outcomeOf, type Repositories } from '../models/repositories.ts';
import type { RemoteAnswer, RemoteCall } from '../models/second-process.ts';

let manager: DatabaseManager | undefined;
let database: string | undefined;
let repositories: Repositories | undefined;
let now = 0;

async function open(path: string): Promise<Repositories> {
  if (repositories !== undefined && database === path) return repositories;
  manager?.close();
  manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  database = path;
  repositories = openRepositories(manager.getDatabase(), () => now);
  return repositories;
}

process.on('message', async (request: RemoteCall) => {
  now = request.now;
  const target = await open(request.database);
  if (request.dies === 'before it commits') manager?.exec('BEGIN IMMEDIATE');
  const answer: RemoteAnswer = { outcome: outcomeOf(target, request) };
  process.send?.(answer, () => {
    if (request.dies !== undefined) process.kill(process.pid, 'SIGKILL');
  });
});
