import { InvalidInputError } from '../errors/index.ts';
import { describeUnusedNames } from '../known-names/known-names.ts';
import {
  DATABASE_CONFIG_NAMES,
  type DatabaseConfig,
  differingPart,
  type ResolvedConfig,
  resolveConfig,
} from './config.ts';

/** Decides which of the configurations that the parts of a program give is the one that counts. */
export class ChosenConfig {
  #given: DatabaseConfig | undefined;
  #inUse: ResolvedConfig | undefined;
  /** Whether what was given has been used: another one may take its place. */
  #isOver = false;
  #unusedNames: string | undefined;

  /** The configuration of the database that is open, or being opened. */
  get inUse(): ResolvedConfig | undefined {
    return this.#inUse;
  }

  /**
   * Takes a configuration, and returns whether it agrees with the one that counts: the one given first, until what it opens was
   * closed or could not be opened.
   *
   * @throws InvalidInputError when a part makes no sense, or differs from what is open
   */
  give(config: DatabaseConfig): boolean {
    // What makes no sense is refused now; the environment is looked at when the database is opened.
    const resolved = resolveConfig(config);
    if (this.#inUse !== undefined) {
      const part = differingPart(config, this.#inUse);
      if (part === undefined) return true;
      throw new InvalidInputError(part, 'expected what the open database was opened with; close it first');
    }
    if (this.#given !== undefined && !this.#isOver) return differingPart(this.#given, resolved) === undefined;
    this.#given = config;
    this.#unusedNames = describeUnusedNames(config, DATABASE_CONFIG_NAMES);
    this.#isOver = false;
    return true;
  }

  /** Decides every part now, and returns them. */
  use(): ResolvedConfig {
    this.#inUse = resolveConfig(this.#given ?? {});
    return this.#inUse;
  }

  /** Returns a sentence on names that nothing uses, once for each configuration: to be told when somebody can listen. */
  takeUnusedNames(): string | undefined {
    const unused = this.#unusedNames;
    this.#unusedNames = undefined;
    return unused;
  }

  /** Nothing is open any more. */
  release(): void {
    this.#inUse = undefined;
    this.#isOver = true;
  }
}
