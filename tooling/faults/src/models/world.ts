import { DatabaseManager } from '@codebuddy/db-core';
import { type FakeClock, fakeClock } from '@codebuddy/db-core/testing';
import { openRepositories, outcomeOf, type Repositories } from './repositories.ts';
import type { SecondProcess } from './second-process.ts';

/** Who makes a call. */
export type Caller =
  | 'this process'
  | 'a second process'
  | 'a process that dies after it'
  | 'a process that dies before it commits';

/** A database that is used by this process and by a second one, which may die of it. */
export class World {
  readonly clock: FakeClock = fakeClock();
  readonly path: string;
  /** Who makes the calls from now on. */
  caller: Caller = 'this process';
  readonly #second: SecondProcess;
  #manager: DatabaseManager;
  #repositories: Repositories;
  #deaths = 0;

  private constructor(path: string, second: SecondProcess, manager: DatabaseManager) {
    this.path = path;
    this.#second = second;
    this.#manager = manager;
    this.#repositories = openRepositories(manager.getDatabase(), this.clock);
  }

  static async open(path: string, second: SecondProcess): Promise<World> {
    return new World(path, second, await openManager(path));
  }

  get db() {
    return this.#manager.getDatabase();
  }

  /** Those of this process, to look at what is stored. */
  get repositories(): Repositories {
    return this.#repositories;
  }

  /** Makes a call if it is to be made, and returns its result or the code of its error. */
  async call(repository: keyof Repositories, call: string, ...args: readonly unknown[]): Promise<unknown> {
    const request = { repository, call, args };
    if (this.caller === 'this process') return outcomeOf(this.#repositories, request);
    const dies = DEATHS[this.caller];
    // Every other one dies alone: whoever opens the file next finds a log that nobody closed.
    const isAlone = dies !== undefined && this.#deaths++ % 2 === 0;
    if (isAlone) this.#manager.close();
    const outcome = await this.#second.call({ ...request, database: this.path, now: this.clock(), dies });
    if (isAlone) await this.reopen();
    return outcome;
  }

  async reopen(): Promise<void> {
    this.#manager.close();
    this.#manager = await openManager(this.path);
    this.#repositories = openRepositories(this.db, this.clock);
  }

  close(): void {
    this.#manager.close();
  }
}

const DEATHS = {
  'a second process': undefined,
  'a process that dies after it': 'after it',
  'a process that dies before it commits': 'before it commits',
} as const;

async function openManager(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}
