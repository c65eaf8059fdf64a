import type { Database } from '../../connection/driver.ts';
import { InvalidInputError } from '../../errors/index.ts';
import { contextOf } from '../../sql/connection-context.ts';
import * as read from '../../sql/row-readers.ts';
import { ownObjectNames } from '../own-objects.ts';

/** The names that one module may give: they begin with its own, and with no longer one of another module. */
export class ModuleNames {
  readonly #prefix: string;
  readonly #longer: readonly string[];

  /** @throws InvalidInputError when tables of ours begin with the name of the module */
  constructor(db: Database, module: string) {
    this.#prefix = prefixOf(module);
    if ([...ownObjectNames()].some((name) => name.startsWith(this.#prefix))) {
      throw new InvalidInputError('module.name', 'expected a name that no table of this package begins with');
    }
    const others = contextOf(db)
      .prepare('SELECT DISTINCT module FROM module_versions', 'module.names')
      .all()
      .map((row) => prefixOf(read.text(row, 'module')));
    this.#longer = others.filter((other) => other !== this.#prefix && other.startsWith(this.#prefix));
  }

  /** Returns whether a name is the module's. */
  has(name: string): boolean {
    return name.startsWith(this.#prefix) && !this.#longer.some((other) => name.startsWith(other));
  }
}

/** Every table of a module starts with its name: `prospective_memory_tasks`. */
function prefixOf(module: string): string {
  return `${module.replaceAll('-', '_')}_`;
}
