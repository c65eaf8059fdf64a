import { InvalidInputError } from '../errors/index.ts';
import { requireObject } from '../validation.ts';
import { nearestName } from './nearest-name.ts';

/** The names of all parts of an object: the compiler refuses a table that lacks one, or has one too many. */
export type NamesOf<Parts> = { readonly [Name in keyof Parts]-?: true };

/** The parts of an object as a call uses them: `null` has become absent. */
export type Given<Parts> = { readonly [Name in keyof Parts]: Exclude<Parts[Name], null> };

/**
 * Reads options, or a filter. A part that is `null` is absent.
 *
 * @throws InvalidInputError when a name is none of those that the call knows; it tells the nearest of them
 */
export function readOptions<Options extends object>(
  options: Options,
  names: NamesOf<NoInfer<Options>>,
  field?: string,
): Given<Options>;
export function readOptions(options: object, names: object, field = 'options'): object {
  refuseUnknownNames(requireParts(options, field), names, {}, field);
  return partsOf(options, names);
}

/**
 * Reads a record that is to be stored. A part that is `null` is absent.
 *
 * @param ownNames - the fields that the database sets itself. They are ignored, so that a record that was read can be given
 * back as a whole
 * @throws InvalidInputError when a name is neither a field that can be given nor one of those; it tells the nearest
 */
export function readRecord<New extends object>(
  record: New,
  names: NamesOf<NoInfer<New>>,
  ownNames: Readonly<Record<string, true>>,
  field: string,
): Given<New>;
export function readRecord(record: object, names: object, ownNames: object, field: string): object {
  refuseUnknownNames(requireParts(record, field), names, ownNames, field);
  return partsOf(record, names);
}

/**
 * Reads a configuration. A part that is `null` is absent. Programs pass one object to all of their parts, so that other names are
 * no mistake for certain: {@link describeUnusedNames} says what to warn of.
 */
export function readConfig<Config extends object>(config: Config, names: NamesOf<NoInfer<Config>>): Given<Config>;
export function readConfig(config: object, names: object): object {
  return partsOf(requireParts(config, 'config'), names);
}

/**
 * Returns a sentence on the names of a configuration that nothing uses, if there are any. It tells those that may have been
 * meant, and none of the caller's.
 */
export function describeUnusedNames(config: object, names: Readonly<Record<string, true>>): string | undefined {
  const unknown = unknownNames(config, names, {});
  if (unknown.length === 0) return undefined;
  const nearest = new Set(unknown.flatMap((name) => nearestName(name, Object.keys(names)) ?? []));
  const count = unknown.length === 1 ? 'One name' : `${unknown.length} names`;
  const meant = nearest.size === 0 ? '' : ` Did you mean ${[...nearest].join(', ')}?`;
  return `${count} of the configuration ${unknown.length === 1 ? 'is' : 'are'} not used here.${meant} Known names are ${Object.keys(names).join(', ')}.`;
}

/** Refuses names that are neither known nor ignored. The names themselves are the caller's, and stay out of the message. */
export function refuseUnknownNames(parts: object, names: object, ownNames: object, field: string): void {
  const [unknown] = unknownNames(parts, names, ownNames);
  if (unknown === undefined) return;
  const known = Object.keys(names);
  const nearest = nearestName(unknown, known);
  const advice = nearest === undefined ? `expected no other names than ${known.join(', ')}` : `use ${nearest}`;
  throw new InvalidInputError(field, `it has an unknown name: ${advice}`);
}

function unknownNames(parts: object, names: object, ownNames: object): string[] {
  return Object.keys(parts).filter((name) => !Object.hasOwn(names, name) && !Object.hasOwn(ownNames, name));
}

function requireParts<Parts extends object>(parts: Parts, field: string): Parts {
  if (Array.isArray(parts)) throw new InvalidInputError(field, 'expected an object');
  return requireObject(parts, field);
}

function partsOf(object: object, names: object): object {
  const parts: Record<string, unknown> = {};
  for (const name of Object.keys(names)) {
    const value = Reflect.get(object, name);
    if (value !== undefined && value !== null) parts[name] = value;
  }
  return parts;
}
