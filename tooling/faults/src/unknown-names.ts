import { InvalidInputError } from '@codebuddy/db-core';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callByName } from './call-by-name.ts';
import type { Place, PublicModule, PublicObject } from './public-calls/public-object.ts';
import { scaled } from './scale.ts';

/** Each object of each call gets so many extra names. */
const RUNS = scaled(5, 300);

/** Parts whose names are the caller's own. */
const FREE_PARTS = new Set([
  'metadata',
  'value',
  'parameters',
  'models',
  'migrations',
  'tool_calls',
  'toolCalls',
  'answer',
]);

/** Calls every call of a package with a name that it does not know, in each object that it is given. */
export function tryUnknownNames({ objects, functions }: PublicModule): void {
  describe.each(Object.entries({ ...objects, 'functions and constructors': functions }))('%s', (_, make) => {
    it(`refuses any name that it does not know, and never tells it (${RUNS} an object)`, () => refusesUnknown(make));
  });
}

async function refusesUnknown(make: (place: Place) => PublicObject | Promise<PublicObject>): Promise<void> {
  using place = await temporaryDatabase();
  const { target, calls, open = {} } = await make(place);
  const taken: string[] = [];
  for (const [name, args] of Object.entries(calls)) {
    for (const path of objectsIn(args)) {
      const part = [name, ...path].join('.');
      if (Object.keys(open).some((free) => part === free || part.startsWith(`${free}.`))) continue;
      for (const extra of fc.sample(extraName, { numRuns: RUNS, seed: 20_261_125 })) {
        const error = await errorOf(target, name, withName(args, path, extra));
        const isRefused = InvalidInputError.isInstance(error) && error.message.includes('unknown name');
        if (!isRefused || error.message.includes(extra)) taken.push(`${part}: ${error}`);
      }
    }
  }
  expect([...new Set(taken)]).toEqual([]);
}

/** A name that nothing has, and that is recognised wherever it is told. */
const extraName = fc
  .tuple(fc.constantFrom('', 'project', 'created', '__proto', 'lim'), fc.nat())
  .map(([part, number]) => `${part}~${number}`);

type Path = readonly (string | number)[];

/** The places of plain objects, the deepest included. */
function objectsIn(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => objectsIn(each, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  if (Object.getPrototypeOf(value) !== Object.prototype) return [];
  const inside = Object.entries(value).filter(([name]) => !FREE_PARTS.has(name));
  return [path, ...inside.flatMap(([name, each]) => objectsIn(each, [...path, name]))];
}

function withName(value: unknown, path: Path, extra: string): readonly unknown[];
function withName(value: unknown, [first, ...rest]: Path, extra: string): unknown {
  if (first === undefined) return { ...Object(value), [extra]: 1 };
  if (Array.isArray(value)) return value.map((each, index) => (index === first ? withName(each, rest, extra) : each));
  return { ...Object(value), [first]: withName(Reflect.get(Object(value), first), rest, extra) };
}

async function errorOf(target: object, name: string, args: readonly unknown[]): Promise<unknown> {
  try {
    const result: unknown = await callByName(target, name, args);
    if (typeof result === 'object' && result !== null && 'next' in result && typeof result.next === 'function')
      await result.next();
    return undefined;
  } catch (error) {
    return error;
  }
}
