import type { DatabaseManager, RepositoryOptions } from '@codebuddy/db-core';
import { resolveRepositoryOptions } from '@codebuddy/db-core/internal';
import { MastraCompositeStore } from '@mastra/core/storage';
import { MastraSessionMemory } from './memory.ts';
import { MASTRA_TABLES } from './statements.ts';

export { MastraSessionMemory } from './memory.ts';

/**
 * A storage for Mastra (https://mastra.ai) in the same file as sessions: its threads are sessions, and its messages are found
 * by `searchMessages`. It has the domain `memory`: threads, messages and resources. It has no other one, such as workflows:
 * put it together with a storage that has them by Mastra's own `MastraCompositeStore`.
 *
 * @example
 * ```ts
 * import { MastraSessionStorage } from '@codebuddy/db-sessions/mastra';
 *
 * const storage = await MastraSessionStorage.create(manager);
 * const agent = new Agent({ id: 'helper', name: 'Helper', model, instructions, memory: new Memory({ storage }) });
 * ```
 */
export class MastraSessionStorage extends MastraCompositeStore {
  /** The domains that there are: any other is `undefined`. */
  declare readonly stores: { readonly memory: MastraSessionMemory };

  private constructor(memory: MastraSessionMemory) {
    super({ id: 'codebuddy-sessions', name: 'MastraSessionStorage', domains: { memory, threadState: false } });
    this.stores = { memory };
  }

  /** Makes a storage; its tables are made if they are not there yet. */
  static async create(
    manager: Pick<DatabaseManager, 'registerModule' | 'getDatabase'>,
    options: Pick<RepositoryOptions, 'clock'> = {},
  ): Promise<MastraSessionStorage> {
    await manager.registerModule(MASTRA_TABLES);
    const db = manager.getDatabase();
    return new MastraSessionStorage(new MastraSessionMemory(db, resolveRepositoryOptions(options, db).clock));
  }
}
