import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseManager } from '@codebuddy/db-core';
import { type DatabaseSystemConfig, resetDatabaseSystem } from '@codebuddy/db-integration';
import { findInconsistencies } from '../consistency.ts';
import { findLosses, openStage, type Trial } from './trial.ts';
import { keysOf, type WritingCall } from './writing-call.ts';

/** The paths of a database and of the files beside it. */
export const placesIn = (folder: string) => ({ path: join(folder, 'agent.db'), files: join(folder, 'files') });

/** The keys of a trial; a slow call is made a few times only. */
export function keysFor({ slow = false }: WritingCall, count: number): string[] {
  return keysOf(slow ? Math.min(count, 25) : count);
}

/** Makes a database with the rows that the calls of some keys need, and returns its path. */
export async function prepareFile(
  folder: string,
  call: WritingCall,
  keys: readonly string[],
  config: DatabaseSystemConfig = {},
): Promise<string> {
  const { path, files } = placesIn(folder);
  mkdirSync(files, { recursive: true });
  const stage = await openStage(files, { ...config, dbPath: path });
  await call.prepare?.(stage, keys);
  resetDatabaseSystem();
  return path;
}

/** Opens a database as a restarted program does. Returns acknowledged writes that are lost, and everything inconsistent. */
export async function findFaults(
  path: string,
  call: WritingCall,
  keys: readonly string[],
  trial: Trial,
): Promise<string[]> {
  using manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  const db = manager.getDatabase();
  return [...findLosses(call, db, keys, trial), ...findInconsistencies(db)];
}
