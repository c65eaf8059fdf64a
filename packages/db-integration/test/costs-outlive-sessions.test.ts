import { PersistentAnalytics } from '@codebuddy/db-analytics';
import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, SessionRepository } from '../src/index.ts';

describe('what a family of sessions has cost', () => {
  const clock = fakeClock('2026-01-14T12:00:00.000Z');
  let database: TemporaryDatabase;
  let sessions: SessionRepository;
  beforeEach(async () => {
    database = await temporaryDatabase();
    sessions = new SessionRepository(database.db, { clock });
  });
  afterEach(() => database[Symbol.dispose]());

  const analyticsOf = (sessionId: string, db: Database = database.db) =>
    new PersistentAnalytics({ session: 1_000 }, { db, clock, timeZone: 'UTC', sessionId });
  const spend = (sessionId: string, cost: number) =>
    analyticsOf(sessionId).record({ model: 'm', tokensIn: 1, tokensOut: 1, cost });
  const costOf = (sessionId: string) => analyticsOf(sessionId).getSessionCost();
  const usedBy = (sessionId: string) => analyticsOf(sessionId).getBudgetStatus().session?.used;

  it('outlives the session between two others', () => {
    sessions.createSession({ id: 'root' });
    sessions.createSession({ id: 'sub', parent_session_id: 'root' });
    sessions.createSession({ id: 'subsub', parent_session_id: 'sub' });
    for (const [id, cost] of [
      ['root', 1],
      ['sub', 2],
      ['subsub', 4],
    ] as const)
      spend(id, cost);
    sessions.deleteSession('sub');
    expect([costOf('root'), costOf('sub'), costOf('subsub'), usedBy('subsub')]).toEqual([7, 6, 4, 7]);
    sessions.deleteSession('root');
    expect([costOf('root'), usedBy('subsub')]).toEqual([7, 7]);
    spend('subsub', 8);
    expect(usedBy('root')).toBe(15);
  });

  it('stays, whatever is deleted in whichever order, and started again under its old id', () => {
    const parents = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });
    const deletions = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(parents, deletions, (choices, deleted) => {
        database.manager.clearAll();
        const ids = choices.map((_, index) => `s${index}`);
        const parentOf = (index: number) => (index === 0 ? undefined : `s${(choices[index] ?? 0) % index}`);
        for (const [index, id] of ids.entries()) {
          sessions.createSession({ id, parent_session_id: parentOf(index) });
          spend(id, 2 ** index);
        }
        const before = ids.map((id) => [costOf(id), usedBy(id)]);
        for (const [choice, isStartedAgain] of deleted) {
          const index = choice % ids.length;
          const id = ids[index] ?? '';
          sessions.deleteSession(id);
          const parent = parentOf(index);
          if (isStartedAgain && (parent === undefined || sessions.getSessionById(parent) !== null))
            sessions.createSession({ id, parent_session_id: parent });
        }
        expect(ids.map((id) => [costOf(id), usedBy(id)])).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  it('counts a child that was deleted with its parent and imported alone', () => {
    sessions.createSession({ id: 'root' });
    sessions.createSession({ id: 'sub', parent_session_id: 'root' });
    spend('root', 1);
    spend('sub', 2);
    const exported = sessions.exportSession('sub');
    for (const id of ['root', 'sub']) sessions.deleteSession(id);
    sessions.importSession(exported);
    expect([costOf('root'), usedBy('sub')]).toEqual([3, 3]);
  });

  it('goes to no family that a session was taken out of', () => {
    sessions.createSession({ id: 'root' });
    sessions.createSession({ id: 'sub', parent_session_id: 'root' });
    spend('root', 1);
    spend('sub', 2);
    database.manager.exec("UPDATE sessions SET parent_session_id = NULL WHERE id = 'sub'");
    expect([costOf('root'), usedBy('sub')]).toEqual([1, 2]);
  });

  it('is forgotten when the costs are, and not before', () => {
    sessions.createSession({ id: 'root' });
    sessions.createSession({ id: 'sub', parent_session_id: 'root' });
    spend('sub', 2);
    const lineage = () => database.db.prepare('SELECT session_id FROM session_lineage').raw().all();
    for (const id of ['root', 'sub']) sessions.deleteSession(id);
    analyticsOf('root').cleanup(30);
    expect(lineage()).toEqual([['sub']]);
    clock.set('2026-03-14T12:00:00.000Z');
    analyticsOf('root').cleanup(30);
    expect(lineage()).toEqual([]);
    clock.set('2026-01-14T12:00:00.000Z');
  });
});
