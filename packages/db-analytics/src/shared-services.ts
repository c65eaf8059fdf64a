import { shareRepository } from '@codebuddy/db-core/internal';
import type { Budget } from './budgets/budgets.ts';
import { PersistentAnalytics } from './persistent-analytics.ts';
import { PersistentLearning } from './persistent-learning.ts';

const analytics = shareRepository((db, budget?: Budget) => new PersistentAnalytics(budget, { db }));
const learning = shareRepository((db) => new PersistentLearning({ db }));

/**
 * Returns the process's one analytics service, for the present connection of its `DatabaseManager`.
 *
 * @param budget - limits that hold from now on, also if somebody else has asked for the service before; others stay
 */
export function getPersistentAnalytics(budget?: Budget): PersistentAnalytics {
  const service = analytics.get(budget);
  if (budget !== undefined) service.setBudget(budget);
  return service;
}

/** Forgets the process's one analytics service: the next call makes a new one. */
export const resetPersistentAnalytics = analytics.reset;

/** Returns the process's one learning service, for the present connection of its `DatabaseManager`. */
export const getPersistentLearning = learning.get;

/** Forgets the process's one learning service: the next call makes a new one. */
export const resetPersistentLearning = learning.reset;
