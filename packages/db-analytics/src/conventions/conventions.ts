import type { Convention, ConventionCategory, Database, Redact } from '@codebuddy/db-core';
import {
  CONVENTION_CATEGORIES,
  contextOf,
  encodeJson,
  optionalStringOrNull,
  type RunTransaction,
  read,
  redactionOf,
  redactText,
  requireNumber,
  requireObject,
  requireOneOf,
  requireString,
  toConvention,
} from '@codebuddy/db-core/internal';
import { prepareStatements } from './statements.ts';

/** A convention that was seen. */
export interface SeenConvention {
  readonly projectId: string;
  readonly category: ConventionCategory;
  readonly pattern: string;
  readonly description?: string | undefined;
  /** The confidence in this one sighting, from 0 to 1. Default: 0.5. */
  readonly confidence?: number | undefined;
  /** Kept with the convention, the newest five. */
  readonly example?: string | undefined;
}

const KEPT_EXAMPLES = 5;

/** The table `conventions`: a row for each pattern of a project. */
export class Conventions {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #transaction: RunTransaction;
  readonly #now: () => string;
  readonly #redact: Redact | undefined;

  constructor(db: Database, now: () => string) {
    this.#statements = prepareStatements(db);
    this.#transaction = contextOf(db).transaction;
    this.#now = now;
    this.#redact = redactionOf(db);
  }

  /** Records a sighting. Each one makes the convention surer: independent sightings are all wrong ever less likely. */
  record(seen: SeenConvention): Convention {
    const identity = {
      project_id: requireString(requireObject(seen, 'seen').projectId, 'projectId'),
      category: requireOneOf(seen.category, 'category', CONVENTION_CATEGORIES),
      pattern: requireString(seen.pattern, 'pattern'),
    };
    const confidence = requireNumber(seen.confidence ?? 0.5, 'confidence', { min: 0, max: 1 });
    const description = redactText(optionalStringOrNull(seen.description, 'description'), this.#redact);
    return this.#transaction('conventions.record', () => {
      const row = this.#statements.read.get(identity);
      const earlier = row === undefined ? undefined : toConvention(row);
      const examples =
        seen.example === undefined
          ? null
          : [...(earlier?.examples ?? []), redactText(requireString(seen.example, 'example'), this.#redact)].slice(
              -KEPT_EXAMPLES,
            );
      return toConvention(
        this.#statements.add.one({
          ...identity,
          description,
          confidence,
          confidence_after: 1 - (1 - (earlier?.confidence ?? 0)) * (1 - confidence),
          examples: examples === null ? null : encodeJson(examples, 'example'),
          now: this.#now(),
        }),
      );
    });
  }

  /** The conventions of a project, the surest first. */
  find(
    projectId: string,
    filter: { readonly category?: ConventionCategory | undefined; readonly minConfidence?: number | undefined },
  ): Convention[] {
    return this.#statements.find
      .all({
        project_id: projectId,
        category: requireObject(filter, 'filter').category ?? null,
        min_confidence: requireNumber(filter.minConfidence ?? 0, 'minConfidence'),
      })
      .map(toConvention);
  }

  count(projectId?: string): number {
    return read.number(this.#statements.count.one({ project_id: projectId ?? null }), 'conventions');
  }
}
