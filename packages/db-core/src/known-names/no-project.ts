import { InvalidInputError } from '../errors/index.ts';
import { requireStringOrEmpty } from '../validation.ts';

/** The absence of a project, as a condition. It may be sent to a worker, and written as JSON. */
export interface NoProject {
  readonly noProject: true;
}

/**
 * Asks for the rows that belong to no project, in place of a project's id.
 *
 * @example
 * ```ts
 * const general = memories.find({ projectId: NO_PROJECT });
 * ```
 */
export const NO_PROJECT: NoProject = Object.freeze({ noProject: true });

/** The id of a project, or {@link NO_PROJECT}. */
export type ProjectChoice = string | NoProject;

/** Returns the id of the chosen project as columns hold it: `null` for none. */
export function projectIdOf(choice: ProjectChoice): string | null {
  if (typeof choice !== 'object' || choice === null) return requireStringOrEmpty(choice, 'projectId');
  if (choice.noProject !== true) throw new InvalidInputError('projectId', 'expected a string or NO_PROJECT');
  return null;
}
