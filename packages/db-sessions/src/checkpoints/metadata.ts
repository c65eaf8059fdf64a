import { type CheckpointKind, InvalidInputError, type JsonObject, type Redact } from '@codebuddy/db-core';
import { CHECKPOINT_KINDS, decodeJsonObject, encodeJsonObject, isPlainObject } from '@codebuddy/db-core/internal';

/** The key of `metadata` under which a checkpoint keeps its own; the other keys are the caller's. */
export const OWN_KEY = '@codebuddy';

/** The metadata that a checkpoint keeps for itself. */
export interface OwnMetadata {
  readonly kind?: CheckpointKind;
  readonly absentFolders?: readonly string[];
  readonly skipped?: readonly string[];
  readonly [name: string]: unknown;
}

/**
 * Encodes the `metadata` column; NULL if there is none.
 *
 * @throws InvalidInputError when JSON can't hold the caller's, or the caller uses our key
 */
export function encodeMetadata(
  given: Readonly<Record<string, unknown>> | undefined,
  own: OwnMetadata,
  redact?: Redact,
): string | null {
  const json = encodeJsonObject(given, 'metadata', redact);
  if (given !== undefined && given !== null && OWN_KEY in given)
    throw new InvalidInputError('metadata', `expected no key ${OWN_KEY}, which checkpoints use themselves`);
  if (Object.values(own).every((value) => value === undefined)) return json;
  return encodeJsonObject({ ...(json === null ? {} : decodeJsonObject(json)), [OWN_KEY]: own }, 'metadata');
}

/** Takes the `metadata` column apart into the caller's and our own. */
export function splitMetadata(metadata: JsonObject): { readonly given?: JsonObject; readonly own: OwnMetadata } {
  const { [OWN_KEY]: own, ...given } = metadata;
  if (!isPlainObject(own)) return { given: metadata, own: {} };
  return { ...(Object.keys(given).length === 0 ? {} : { given }), own: parseOwn(own) };
}

function parseOwn({ kind, absentFolders, skipped, ...rest }: Readonly<Record<string, unknown>>): OwnMetadata {
  const known = CHECKPOINT_KINDS.find((each) => each === kind);
  return {
    ...rest,
    ...(known === undefined ? {} : { kind: known }),
    ...(Array.isArray(absentFolders) ? { absentFolders: absentFolders.filter(isString) } : {}),
    ...(Array.isArray(skipped) ? { skipped: skipped.filter(isString) } : {}),
  };
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
