import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionRepository } from '../src/index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('sessions under a clock that jumps', () => {
  // Triggers ask the clock of the system, so the right time of these tests is that of the system.
  const right = Date.now();
  const clock = fakeClock();
  const at = (instant: number) => clock.set(new Date(instant).toISOString());
  let database: TemporaryDatabase;
  beforeEach(async () => {
    at(right);
    database = await temporaryDatabase();
  });
  afterEach(() => database[Symbol.dispose]());

  /** A process of its own, with a clock of its own. */
  const open = () => new SessionRepository(database.db, { clock: () => clock() });
  const list = () =>
    open()
      .getRecentSessions()
      .map(({ id }) => id);

  it('do not stay on top of the list because they were written in the future', () => {
    open().createSession({ id: 'usual' });
    at(right + 3650 * DAY);
    const ahead = open();
    ahead.createSession({ id: 'ahead' });
    ahead.addMessage({ session_id: 'ahead', role: 'user', content: 'hello' });
    at(right + HOUR);
    expect(list()).toEqual(['usual', 'ahead']);
    expect(open().findSessions({ orderBy: 'created_at', limit: 1 })).toMatchObject([{ id: 'usual' }]);
    open().createSession({ id: 'new' });
    expect(list()).toEqual(['new', 'usual', 'ahead']);
    open().addMessage({ session_id: 'ahead', role: 'user', content: 'back in the present' });
    at(right + 2 * HOUR);
    open().updateSessionStats('usual', { cost: 1 });
    expect(list()).toEqual(['usual', 'ahead', 'new']);
    expect(open().getSessionById('ahead')?.updated_at).toBe(new Date(right + HOUR).toISOString());
  });

  it('take the right time from what they cost, as from messages', () => {
    at(right + 3650 * DAY);
    open().createSession({ id: 'ahead' });
    at(right + HOUR);
    open().updateSessionStats('ahead', { cost: 1 });
    expect(open().getSessionById('ahead')?.updated_at).toBe(new Date(right + HOUR).toISOString());
  });

  it('keep their order when the clock is far behind', () => {
    for (const [index, id] of ['first', 'second', 'third'].entries()) {
      at(right + index);
      open().createSession({ id });
    }
    at(0);
    expect(list()).toEqual(['third', 'second', 'first']);
    open().addMessage({ session_id: 'first', role: 'user', content: 'in 1970' });
    at(right + HOUR);
    expect(list()).toEqual(['third', 'second', 'first']);
    open().addMessage({ session_id: 'first', role: 'user', content: 'now' });
    expect(list()).toEqual(['first', 'third', 'second']);
  });

  it('are no more than a day off once they are used at the right time', () => {
    const jump = fc.oneof(fc.integer({ min: -DAY, max: DAY }), fc.integer({ min: -20_000 * DAY, max: 20_000 * DAY }));
    const step = fc.tuple(jump, fc.constantFrom('create', 'message', 'usage'), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat({ max: 3 }), (steps, used) => {
        database.manager.clearAll();
        const existing = new Set<string>();
        for (const [offset, kind, number] of [...steps, [0, 'create', used] as const]) {
          at(right + offset);
          const id = `s${number}`;
          if (kind === 'create' || !existing.has(id)) {
            if (!existing.has(id)) open().createSession({ id });
            existing.add(id);
          } else if (kind === 'message') open().addMessage({ session_id: id, role: 'user', content: 'words' });
          else open().updateSessionStats(id, { tokensIn: 1 });
        }
        at(right);
        const id = `s${used}`;
        open().addMessage({ session_id: id, role: 'user', content: 'now' });
        open().updateSessionStats(id, { tokensIn: 1 });
        const all = open()
          .findSessions()
          .map((session) => ({ id: session.id, at: Date.parse(session.updated_at) - right }));
        const own = all.find((session) => session.id === id);
        expect(own?.at).toBeGreaterThanOrEqual(0);
        expect(own?.at).toBeLessThanOrEqual(DAY + HOUR);
        const firstAhead = all.findIndex((session) => session.at > DAY);
        if (firstAhead >= 0) expect(all.slice(firstAhead).every((session) => session.at > DAY)).toBe(true);
        for (const [index, session] of all.entries()) {
          const next = all[index + 1];
          if (next !== undefined && index + 1 !== firstAhead) expect(session.at).toBeGreaterThanOrEqual(next.at);
        }
      }),
      { numRuns: 60 },
    );
  });
});
