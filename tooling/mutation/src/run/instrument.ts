import { type Node, traverse } from '@babel/types';
import { rangeOf, textOf } from '../mutators/change.ts';
import { parseModule } from '../mutators/changes-of.ts';
import { isLikelySql } from '../mutators/sql/tokens.ts';

/**
 * A stretch of code that runs as a whole or not at all: a module, a block, or the body of an arrow function. A statement
 * that is prepared for an object's property is one too, and runs when it is used: all are prepared together, whichever
 * are needed.
 */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly kind: 'module' | 'block' | 'expression' | 'prepared';
}

/** Returns the stretches of a module, itself first, then in the order in which they begin. */
export function stretchesOf(source: string): Stretch[] {
  const stretches: Stretch[] = [{ start: 0, end: source.length, kind: 'module' }];
  traverse(parseModule(source), {
    enter(node) {
      if (node.type === 'BlockStatement') stretches.push({ ...rangeOf(node), kind: 'block' });
      if (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement') {
        stretches.push({ ...rangeOf(node.body), kind: 'expression' });
      }
      if (node.type === 'ObjectProperty' && isPreparation(node.value, source)) {
        stretches.push({ ...rangeOf(node.value), kind: 'prepared' });
      }
    },
  });
  return stretches;
}

function isPreparation(value: Node, source: string): boolean {
  if (value.type !== 'CallExpression' && value.type !== 'NewExpression') return false;
  const isText = ({ type }: Node) => type === 'StringLiteral' || type === 'TemplateLiteral';
  return value.arguments.some((argument) => isText(argument) && isLikelySql(textOf(argument, source).slice(1, -1)));
}

/** Returns the index of the innermost stretch that holds a position. */
export function stretchAt(stretches: readonly Stretch[], position: number): number {
  return stretches.findLastIndex(({ start, end }) => start <= position && position < end);
}

/**
 * Adds to every stretch of a module that it notes in a file when it runs: the byte at its number becomes 1. The file
 * says it at once, also of processes that are killed.
 *
 * @param first - the number of the module itself; its stretches follow
 */
export function instrument(source: string, first: number, reachedFile: string): string {
  const insertions = stretchesOf(source).flatMap((stretch, index) =>
    insertionsFor(stretch, first + index, reachedFile),
  );
  let result = '';
  let from = 0;
  for (const { at, text } of insertions.sort((a, b) => a.at - b.at)) {
    result += source.slice(from, at) + text;
    from = at;
  }
  return result + source.slice(from);
}

function insertionsFor({ start, end, kind }: Stretch, number: number, reachedFile: string) {
  const note = `globalThis.__reached(${number})`;
  const around = (before: string) => [
    { at: start, text: before },
    { at: end, text: ')' },
  ];
  switch (kind) {
    case 'module':
      return [{ at: 0, text: `${openingOf(reachedFile)}${note};` }];
    case 'block':
      return [{ at: start + 1, text: `${note};` }];
    case 'expression':
      return around(`(${note}, `);
    case 'prepared':
      return around(`globalThis.__used(${number}, `);
  }
}

/** It stays on the first line, so that the lines of the module keep their numbers. */
function openingOf(reachedFile: string): string {
  return `globalThis.__reached ??= (() => {
    const { openSync, writeSync } = process.getBuiltinModule('node:fs');
    const seen = new Uint8Array(1_000_000);
    const file = openSync(${JSON.stringify(reachedFile)}, 'r+');
    const one = Uint8Array.of(1);
    return (number) => {
      if (seen[number] === 1) return;
      seen[number] = 1;
      writeSync(file, one, 0, 1, number);
    };
  })();
  globalThis.__used ??= (number, value) => {
    if (typeof value !== 'object' || value === null) { globalThis.__reached(number); return value; }
    return new Proxy(value, {
      get(target, name) {
        globalThis.__reached(number);
        const member = target[name];
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  };`.replaceAll(/\s+/g, ' ');
}
