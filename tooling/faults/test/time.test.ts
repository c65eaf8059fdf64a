import { CacheRepository } from '@codebuddy/db-cache';
import { fakeClock, temporaryDatabase } from '@codebuddy/db-core/testing';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaled } from '../src/scale.ts';

const HOUR = 3_600_000;
const parameters = { numRuns: scaled(40, 2_000), seed: 1 };

/** How far a clock jumps between two calls: daylight, a wrong battery, a virtual machine that was asleep. */
const anyJumps = fc.array(fc.constantFrom(-24 * HOUR, -HOUR, -1, 0, 1, HOUR, 24 * HOUR), {
  minLength: 1,
  maxLength: 12,
});

/** Those that never set the clock back by more than a day: it was wrong before, then, and is followed. */
const jumps = anyJumps.filter((steps) => {
  let [now, latest] = [0, 0];
  return steps.every((step) => {
    now += step;
    latest = Math.max(latest, now);
    return latest - now <= 24 * HOUR;
  });
});

describe('a clock that jumps', () => {
  it('brings nothing back to life', async () => {
    await fc.assert(
      fc.asyncProperty(jumps, async (steps) => {
        using database = await temporaryDatabase();
        const clock = fakeClock();
        const memories = new MemoryRepository(database.db, { clock });
        const cache = new CacheRepository(database.db, { clock });
        memories.create({ id: 'm', type: 'fact', content: 'ends', expires_at: new Date(clock() + HOUR / 2) });
        cache.set('k', 1, { ttlMs: HOUR / 2 });
        let isOver = false;
        for (const step of steps) {
          clock.advance(step);
          const alive = [memories.find().length, memories.getById('m') === null ? 0 : 1, cache.has('k') ? 1 : 0];
          if (isOver) expect(alive).toEqual([0, 0, 0]);
          expect(new Set(alive).size).toBe(1);
          isOver ||= alive[0] === 0;
        }
      }),
      parameters,
    );
  });

  it('does not make a wrong date last: once it is set right, everything goes by it', async () => {
    using database = await temporaryDatabase();
    const clock = fakeClock('2026-03-01T10:00:00.000Z');
    const memories = new MemoryRepository(database.db, { clock });
    const cache = new CacheRepository(database.db, { clock });
    memories.create({ type: 'context', content: 'this sprint', expires_at: '2026-04-01T00:00:00Z' });
    clock.set('2036-01-01T00:00:00.000Z');
    expect(memories.find()).toEqual([]);
    expect(cache.has('x')).toBe(false);
    clock.set('2026-03-01T10:00:05.000Z');
    cache.set('x', 1, { ttlMs: '1h' });
    expect(cache.getEntry('x')?.expiresAt).toBe('2026-03-01T11:00:05.000Z');
    expect(memories.deleteExpired()).toBe(0);
    expect(memories.find()).toHaveLength(1);
  });

  it('breaks no order: messages stay as they came, a session never gets older', async () => {
    await fc.assert(
      fc.asyncProperty(jumps, async (steps) => {
        using database = await temporaryDatabase();
        const clock = fakeClock();
        const sessions = new SessionRepository(database.db, { clock });
        const { id } = sessions.createSession();
        let updated = '';
        for (const [index, step] of steps.entries()) {
          clock.advance(step);
          sessions.addMessage({ session_id: id, role: 'user', content: String(index) });
          const { updated_at } = sessions.getSessionById(id) ?? { updated_at: '' };
          expect(updated_at >= updated).toBe(true);
          updated = updated_at;
        }
        const messages = sessions.getMessages(id);
        expect(messages.map(({ content }) => content)).toEqual(steps.map((_, index) => String(index)));
        const times = messages.map(({ created_at }) => created_at);
        expect(times).toEqual(times.toSorted());
      }),
      parameters,
    );
  });

  it('and one that is back after a restart finds what has ended still ended where it was deleted', async () => {
    using database = await temporaryDatabase();
    const clock = fakeClock();
    const memories = new MemoryRepository(database.db, { clock });
    memories.create({ id: 'm', type: 'fact', content: 'ends', expires_at: new Date(clock() + HOUR) });
    clock.advance(2 * HOUR);
    expect(memories.deleteExpired()).toBe(1);
    clock.advance(-2 * HOUR);
    expect(new MemoryRepository(database.db, { clock }).find()).toEqual([]);
  });

  it.each(['0000-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'])(
    'works at the edge: %s',
    async (instant) => {
      using database = await temporaryDatabase();
      const clock = fakeClock(instant);
      const sessions = new SessionRepository(database.db, { clock });
      const { id, created_at } = sessions.createSession();
      expect(created_at).toBe(instant);
      expect(sessions.addMessage({ session_id: id, role: 'user' }).created_at).toBe(instant);
    },
  );

  it('and one that is out of range is refused, and nothing is written', async () => {
    using database = await temporaryDatabase();
    const sessions = new SessionRepository(database.db, { clock: () => Number.NaN });
    expect(() => sessions.createSession()).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
    expect(sessions.getStats()).toMatchObject({ totalSessions: 0 });
  });
});
