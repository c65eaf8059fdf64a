import { describe, expect, it } from 'vitest';
import { applyEdit, type Kind } from '../src/mutators/change.ts';
import { changesOf } from '../src/mutators/changes-of.ts';

/** Returns what the mutators of one kind make of a source. */
function mutate(kind: Kind, source: string): string[] {
  return changesOf(source)
    .filter((change) => change.kind === kind)
    .map((change) => applyEdit(source, change));
}

describe('operators', () => {
  it.each([
    ['a < b;', ['a <= b;']],
    ['a >= b;', ['a > b;']],
    ['a === b;', ['a !== b;']],
    ['a + b;', ['a - b;']],
    ['a && b;', ['a || b;']],
    ['a ?? b;', ['b;']],
    ['a ?? (b || c);', ['(b || c);', 'a ?? (b && c);']],
    ['a += 1;', ['a -= 1;']],
    ['i++;', ['i--;']],
    ['f(!a);', ['f(a);']],
    ['f(-1);', ['f(1);']],
    ['f(true);', ['f(false);']],
    ['Math.max(a);', ['Math.min(a);']],
    ['rows.some(f);', ['rows.every(f);']],
    ['rows.filter(f).map(g);', ['rows.map(g);']],
    ['(a ?? b).slice(1);', ['(b).slice(1);', '(a ?? b);']],
  ])('become others in %s', (source, expected) => {
    expect(mutate('operator', source).sort()).toEqual(expected.sort());
  });

  it.each(["'a' + b;", 'a += `b`;', 'const a: true | 1 = f();', 'type A = B extends C ? true : D;'])(
    'stay in %s, which has no operator of numbers or booleans',
    (source) => expect(mutate('operator', source)).toEqual([]),
  );
});

describe('conditions', () => {
  it.each([
    ['if (a) b();', ['if (true) b();', 'if (false) b();']],
    ['f(a ? 1 : 2);', ['f(true ? 1 : 2);', 'f(false ? 1 : 2);']],
    ['while (a) b();', ['while (false) b();']],
    ['for (;;) b();', []],
    ['f(a && b);', ['f(a);', 'f(b);']],
    ['f((a || b) && c);', ['f((a || b));', 'f(c);', 'f((a) && c);', 'f((b) && c);']],
  ])('are decided, or lose a part, in %s', (source, expected) => {
    expect(mutate('condition', source).sort()).toEqual(expected.sort());
  });
});

describe('statements', () => {
  it.each([
    ['a(); b = 1;', ['{} b = 1;', 'a(); {}']],
    [
      'function f() { if (a) return; throw b; }',
      ['if (a) {} throw b;', 'if (a) return; {}'].map((s) => `function f() { ${s} }`),
    ],
    ['for (;;) { if (a) continue; break; }', ['for (;;) { if (a) {} break; }', 'for (;;) { if (a) continue; {} }']],
    ['class A { #transaction = b; f() { this.#transaction(c); } }', ['class A { #transaction = b; f() { {} } }']],
    ['class A extends B { constructor() { super(); } }', []],
    ['const a = 1; fsyncSync(a);', []],
  ])('are left out of %s', (source, expected) => {
    expect(mutate('statement', source).sort()).toEqual(expected.sort());
  });
});

describe('transactions', () => {
  it.each([
    ["db.transaction('a', () => b());", ['(() => b())();']],
    ["runTransaction('a', function () { b(); });", ['(function () { b(); })();']],
    ["db.transaction('a', (open) => b(open));", ["((open) => b(open))(Object({ operation: 'a' }));"]],
    ["db.durableTransaction('a', () => b());", ['(() => b())();', "db.transaction('a', () => b());"]],
    ["store.reads('a', () => b());", ['(() => b())();']],
    ["prepareTransactions(db); db.transaction('a', body);", []],
    ['await handle.sync();', ['{}']],
    ['renameSync(a, b); db.close();', ['{} db.close();', 'renameSync(a, b); {}']],
    ['try { a(); } finally { b(); }', ['{ a(); }']],
    ['try { a(); } catch { b(); }', ['{ a(); }']],
    ['try { a(); } catch { b(); } finally { c(); }', ['try { a(); } finally { c(); }', 'try { a(); } catch { b(); }']],
    ["f(openSync(a, 'wx', 0o600));", ["f(openSync(a, 'w', 0o600));", "f(openSync(a, 'wx', 0o644));"]],
    ["db.exec('BEGIN IMMEDIATE');", ["db.exec('BEGIN DEFERRED');"]],
  ])('are taken away from %s', (source, expected) => {
    const made = mutate('transaction', source).map((text) => text.replace(/ +/g, ' ').trim());
    expect(made.sort()).toEqual(expected.sort());
  });
});

describe('SQL in texts', () => {
  it('is found in strings and templates, and keeps what templates put into it', () => {
    const hole = `\${isLive('t')}`;
    const source = (condition: string) => `db.prepare(\`SELECT a FROM ${hole} WHERE ${condition}\`);`;
    expect(mutate('sql', source(`${hole} AND b > @b`))).toEqual(
      ['b > @b', hole, `${hole} OR b > @b`, `${hole} AND b >= @b`].map(source),
    );
  });

  it.each(["throw new Error('Give a limit, or order by name.');", "import 'SELECT FROM WHERE';"])(
    'is not seen in %s',
    (source) => expect(mutate('sql', source)).toEqual([]),
  );
});

it('proposes each result once, whichever mutators come to it', () => {
  const source = 'if (a || b || c) d();';
  const made = changesOf(source).map((change) => applyEdit(source, change));
  expect(new Set(made).size).toBe(made.length);
});
