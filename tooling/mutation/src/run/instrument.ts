import { traverse } from '@babel/types';
import { rangeOf } from '../mutators/change.ts';
import { parseModule } from '../mutators/changes-of.ts';

/** A stretch of code that runs as a whole or not at all: a module, a block, the body of an arrow function. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly kind: 'module' | 'block' | 'expression';
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
    },
  });
  return stretches;
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
  const insertions = stretchesOf(source).flatMap(({ start, end, kind }, index) => {
    const call = `globalThis.__reached?.(${first + index})`;
    if (kind === 'module') return [{ at: 0, text: `${openingOf(reachedFile)}${call};` }];
    if (kind === 'block') return [{ at: start + 1, text: `${call};` }];
    return [
      { at: start, text: `(${call}, ` },
      { at: end, text: ')' },
    ];
  });
  let result = '';
  let from = 0;
  for (const { at, text } of insertions.sort((a, b) => a.at - b.at)) {
    result += source.slice(from, at) + text;
    from = at;
  }
  return result + source.slice(from);
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
  })();`.replaceAll(/\s+/g, ' ');
}
