import { describe, expect, it } from 'vitest';
import { Draw } from '../src/mutants/draw.ts';
import { Equivalents } from '../src/mutants/equivalents.ts';
import { type Mutant, MutantFactory } from '../src/mutants/mutant.ts';
import { KINDS } from '../src/mutators/change.ts';
import { changesOf } from '../src/mutators/changes-of.ts';

const SOURCE = Array.from(
  { length: 20 },
  (_, i) => `if (a${i} > b) db.transaction('a', () => db.prepare('DELETE FROM t${i} WHERE a < @b'));`,
).join('\n');

function mutantsOf(source: string): Mutant[] {
  const factory = new MutantFactory(source);
  return changesOf(source).map(({ kind, what, ...edit }) =>
    factory.make({ package: 'p', file: 'f.ts', kind, what }, edit),
  );
}

function draw(source: string, seed: string, count: number): Mutant[] {
  const drawn = new Draw(mutantsOf(source), seed);
  return Array.from({ length: count }, () => drawn.next()).filter((mutant) => mutant !== undefined);
}

const idsOf = (mutants: readonly Mutant[]) => mutants.map(({ id }) => id);

describe('a draw', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(idsOf(draw(SOURCE, '1', 30))).toEqual(idsOf(draw(SOURCE, '1', 30)));
    expect(idsOf(draw(SOURCE, '2', 30))).not.toEqual(idsOf(draw(SOURCE, '1', 30)));
  });

  it('stays as it is when lines move', () => {
    expect(idsOf(draw(`// A comment.\n\n${SOURCE}`, '1', 30))).toEqual(idsOf(draw(SOURCE, '1', 30)));
  });

  it('takes as many of each kind as of any other, and of the rest when one is used up', () => {
    const counts = (mutants: readonly Mutant[]) =>
      KINDS.map((kind) => mutants.filter((mutant) => mutant.kind === kind).length);
    expect(counts(draw(SOURCE, '1', 50))).toEqual([10, 10, 10, 10, 10]);
    expect(counts(draw(`${SOURCE}\nf(-1);`.replaceAll('transaction', 'run'), '1', 40))).toEqual([10, 10, 10, 0, 10]);
  });

  it('draws another of the same kind for one that does not compile', () => {
    const drawn = new Draw(mutantsOf(SOURCE), '1');
    const first = drawn.next();
    if (first === undefined) throw new Error('nothing was drawn');
    drawn.discard(first);
    expect(drawn.next()?.kind).toBe(first.kind);
  });
});

it('tells apart equal changes to equal lines', () => {
  const ids = idsOf(mutantsOf('f(-1);\nf(-1);'));
  expect(new Set(ids).size).toBe(ids.length);
});

describe('equivalents', () => {
  const mutant = mutantsOf('f(-1);').find(({ after }) => after === 'f(1);');
  if (mutant === undefined) throw new Error('no mutant');
  const listed = { file: 'f.ts', before: 'f(-1);', after: 'f(1);', reason: 'f takes the absolute value' };

  it('are recognised by their lines, wherever these move', () => {
    const moved = mutantsOf('\n\n  f(-1);').find(({ after }) => after === 'f(1);');
    expect(moved && new Equivalents([listed]).has(moved)).toBe(true);
    expect(new Equivalents([{ ...listed, after: 'f(2);' }]).has(mutant)).toBe(false);
  });

  it('are outdated when no mutant is like them any more', () => {
    const inPackage = { ...listed, file: 'packages/p/src/f.ts' };
    const moved = { ...mutant, file: 'packages/p/src/f.ts' };
    expect(new Equivalents([inPackage]).outdated('p', [moved])).toEqual([]);
    expect(new Equivalents([inPackage]).outdated('p', [mutant])).toEqual([inPackage]);
    expect(new Equivalents([inPackage]).outdated('q', [mutant])).toEqual([]);
  });
});
