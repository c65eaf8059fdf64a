import { inspect } from 'node:util';
import type { PublicModule, PublicObject } from './public-calls/public-object.ts';

/** A string that no error may tell. */
export const MARKER = 'planted-5d1b-for-nobody-to-read';

/** What a caller's own code throws; if it comes back as it is, it is no error of ours. */
export const CALLERS_OWN = new Error(MARKER);

/** Values that hold the marker, one for each way in which an error could take it over. */
const MARKED: readonly (() => unknown)[] = [
  () => MARKER,
  () => `${MARKER}\n"'`,
  () => `a.b:${MARKER}`,
  () => [MARKER],
  () => ({ [MARKER]: MARKER }),
  () => ({ [MARKER]: { [MARKER]: 1n } }),
  () => cyclic(),
  () => ({ value: { toJSON: () => fail() } }),
  () => Object.defineProperty({}, 'value', { enumerable: true, get: fail }),
  () => Buffer.from(MARKER),
  () => new Map([[MARKER, MARKER]]),
  () => new Error(MARKER),
  () => Symbol(MARKER),
];

/**
 * What configures a database may be told, since whoever has to mend it must know which: paths, names of models and of modules.
 * In SQL, the marker is planted as a value.
 */
const CONFIGURATION = new Set([
  'dbPath',
  'home',
  'projects',
  'projectPath',
  'model',
  'models',
  'modelId',
  'embeddingModel',
  'embedding_model',
  'provider',
  'module',
]);
const isModel = (value: unknown) => value === 'm' || value === 'n';
const isPath = (value: unknown) => typeof value === 'string' && value.includes('/');
const isSql = (value: unknown): value is string => typeof value === 'string' && /^(?:SELECT|CREATE) /.test(value);

/** Calls whose arguments are names of models, paths or modules alone. */
const ONLY_CONFIGURATION = ['chooseEmbeddingModel', 'requireComparable', 'registerModule', 'quarantine', 'setAside'];

/** Calls whose second argument is the name that their errors have for the first. */
const NAMED_BY_CALLER = [
  'assertVector',
  'encodeJson',
  'encodeJsonObject',
  'encodeVector',
  'formatTimestamp',
  'normalizeTimestamp',
  'toNanoDollars',
];

/** All calls of a module, with arguments that hold the marker in one place each, and in all places at once. */
export function* plantedCalls({ calls }: PublicObject): Generator<readonly [name: string, args: readonly unknown[]]> {
  for (const [name, args] of Object.entries(calls)) {
    if (ONLY_CONFIGURATION.includes(name)) continue;
    if (!NAMED_BY_CALLER.includes(name)) yield [name, plantEverywhere(args)];
    for (const path of placesIn(NAMED_BY_CALLER.includes(name) ? args.slice(0, 1) : args)) {
      for (const mark of MARKED) yield [name, plant(args, path, mark())];
    }
  }
}

/** Makes the objects of a module whose calls are tried, one after the other. */
export function objectsOf({ objects, functions }: PublicModule) {
  return [...Object.entries(objects), ['functions', functions] as const];
}

/** Everything that somebody sees who logs an error: its fields, its stack, what caused it. */
export function everythingIn(error: unknown): string {
  return inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null });
}

type Path = readonly (string | number)[];

function placesIn(value: unknown, path: Path = []): Path[] {
  if (path.some((part) => CONFIGURATION.has(String(part))) || isModel(value) || isPath(value)) return [];
  const here = path.length === 0 ? [] : [path];
  if (Array.isArray(value)) return [...here, ...value.flatMap((each, index) => placesIn(each, [...path, index]))];
  if (!isPlain(value)) return here;
  const parts = Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]));
  return [...here, ...parts, [...path, MARKER]];
}

function plant(value: readonly unknown[], path: Path, mark: unknown): readonly unknown[];
function plant(value: unknown, path: Path, mark: unknown): unknown;
function plant(value: unknown, [first, ...rest]: Path, mark: unknown): unknown {
  if (first === undefined) return isSql(value) && typeof mark === 'string' ? `${value} '${mark}'` : mark;
  if (Array.isArray(value)) return value.map((each, index) => (index === first ? plant(each, rest, mark) : each));
  return { ...Object(value), [first]: plant(Reflect.get(Object(value), first), rest, mark) };
}

function plantEverywhere(value: readonly unknown[]): readonly unknown[];
function plantEverywhere(value: unknown): unknown;
function plantEverywhere(value: unknown): unknown {
  if (isModel(value) || isPath(value) || isSql(value)) return value;
  if (typeof value === 'string') return MARKER;
  if (Array.isArray(value)) return value.map((each) => plantEverywhere(each));
  if (!isPlain(value)) return value;
  const parts = Object.entries(value).map(([key, each]) => [
    key,
    CONFIGURATION.has(key) ? each : plantEverywhere(each),
  ]);
  return Object.fromEntries(parts);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function cyclic(): unknown {
  const loop: Record<string, unknown> = {};
  loop[MARKER] = { back: loop };
  return loop;
}

function fail(): never {
  throw CALLERS_OWN;
}
