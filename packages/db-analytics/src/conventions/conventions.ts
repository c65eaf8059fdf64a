import type { Convention, ConventionCategory, Database, Redact } from '@codebuddy/db-core';
import {
  CONVENTION_CATEGORIES,
  contextOf,
  encodeJson,
  type NamesOf,
  optionalStringOrNull,
  type RunTransaction,
  read,
  readOptions,
  readRecord,
  redactionOf,
  redactText,
  requireArray,
  requireNumber,
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
  readonly description?: string | null | undefined;
  /** The confidence in this one sighting, from 0 to 1. Default: 0.5. */
  readonly confidence?: number | null | undefined;
  /** Kept with the convention, the newest five. */
  readonly example?: string | null | undefined;
  /** Several of them, the newest last. */
  readonly examples?: readonly string[] | null | undefined;
}

const SEEN_NAMES: NamesOf<SeenConvention> = {
  projectId: true,
  category: true,
  pattern: true,
  description: true,
  confidence: true,
  example: true,
  examples: true,
};

/** The conventions that a list holds. */
export interface ConventionFilter {
  readonly category?: ConventionCategory | null | undefined;
  /** From 0 to 1. */
  readonly minConfidence?: number | null | undefined;
}

const FILTER_NAMES: NamesOf<ConventionFilter> = { category: true, minConfidence: true };

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
    const { projectId, category, pattern, example, examples, ...given } = readRecord(seen, SEEN_NAMES, {}, 'seen');
    const identity = {
      project_id: requireString(projectId, 'projectId'),
      category: requireOneOf(category, 'category', CONVENTION_CATEGORIES),
      pattern: requireString(pattern, 'pattern'),
    };
    const confidence = requireNumber(given.confidence ?? 0.5, 'confidence', { min: 0, max: 1 });
    const description = redactText(optionalStringOrNull(given.description, 'description'), this.#redact);
    const seenExamples = [...requireArray(examples ?? [], 'examples'), ...(example === undefined ? [] : [example])].map(
      (each) => redactText(requireString(each, 'examples'), this.#redact),
    );
    return this.#transaction('conventions.record', () => {
      const row = this.#statements.read.get(identity);
      const earlier = row === undefined ? undefined : toConvention(row);
      const kept = [...(earlier?.examples ?? []), ...seenExamples].slice(-KEPT_EXAMPLES);
      return toConvention(
        this.#statements.add.one({
          ...identity,
          description,
          confidence,
          confidence_after: 1 - (1 - (earlier?.confidence ?? 0)) * (1 - confidence),
          examples: seenExamples.length === 0 ? null : encodeJson(kept, 'examples'),
          now: this.#now(),
        }),
      );
    });
  }

  /** The conventions of a project, the surest first. */
  find(projectId: string, filter: ConventionFilter): Convention[] {
    const { category, minConfidence } = readOptions(filter, FILTER_NAMES, 'filter');
    return this.#statements.find
      .all({
        project_id: projectId,
        category: category ?? null,
        min_confidence: requireNumber(minConfidence ?? 0, 'minConfidence'),
      })
      .map(toConvention);
  }

  count(projectId?: string): number {
    return read.number(this.#statements.count.one({ project_id: projectId ?? null }), 'conventions');
  }
}
