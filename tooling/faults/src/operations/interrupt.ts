import { readdirSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { runWorker } from '../run-worker.ts';
import { describeFaults } from './contents.ts';
import type { Operation } from './operation.ts';

/** The state after an interruption, and after a later call. */
export interface Finding {
  /** The point of the interruption. */
  readonly where: string;
  /** The state right after: `old`, `new`, or what is wrong. */
  readonly state: string;
  /** The state after a later call has done the rest. */
  readonly later: string;
  /** Files that are left then and should not be. */
  readonly leftovers: readonly string[];
}

/** Returns the points that an operation comes by when nobody interrupts it. */
export async function pointsOf(name: string, operation: Operation): Promise<readonly string[]> {
  using folder = new TemporaryFolder();
  await operation.prepare(folder.path);
  const { acknowledged, code, complaints } = await runWorker('operate', [name, folder.path], { diesAt: 0 });
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${complaints}`);
  return acknowledged.flatMap((told) => (told.kind === 'points' ? told.names : []));
}

/** Kills an operation at a point, or some time after it began, and looks at what it leaves behind. */
export async function killOperation(
  name: string,
  operation: Operation,
  when: { readonly diesAt: number } | { readonly killAfterMs: number },
): Promise<Finding> {
  using folder = new TemporaryFolder();
  await operation.prepare(folder.path);
  const { acknowledged, complaints } = await runWorker('operate', [name, folder.path], when);
  if (complaints !== '') throw new Error(`${name} complained: ${complaints}`);
  const [point] = acknowledged.flatMap((told) => (told.kind === 'died' ? [told.id] : []));
  if ('diesAt' in when && point === undefined) throw new Error(`${name} came by no point ${when.diesAt}`);
  const where = 'diesAt' in when ? `before ${when.diesAt}, ${point}` : `after ${Math.round(when.killAfterMs)} ms`;
  return { where, ...(await lookAfter(operation, folder.path)) };
}

/** Looks at what an interruption left behind, has a later call do the rest, and looks again. */
export async function lookAfter(operation: Operation, folder: string): Promise<Omit<Finding, 'where'>> {
  const state = await operation.look(folder);
  const later = await describeFaults(async () => {
    await operation.run(folder);
    return operation.look(folder);
  });
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return { state, later, leftovers: operation.leftovers(names) };
}
