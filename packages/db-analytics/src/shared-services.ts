import { shareRepository } from '@codebuddy/db-core/internal';
import type { Budget } from './budgets/budgets.ts';
import { PersistentAnalytics } from './persistent-analytics.ts';
import { PersistentLearning } from './persistent-learning.ts';

const analytics = shareRepository((db, budget?: Budget) => new PersistentAnalytics(budget, { db }));
const learning = shareRepository((db) => new PersistentLearning({ db }));

/**
 * Returns the process's one analytics service, for the present connection of its `DatabaseManager`. A budget counts when the
 * service is made; `setBudget` changes it later.
 */
export const getPersistentAnalytics = analytics.get;

/** Forgets the process's one analytics service: the next call makes a new one. */
export const resetPersistentAnalytics = analytics.reset;

/** Returns the process's one learning service, for the present connection of its `DatabaseManager`. */
export const getPersistentLearning = learning.get;

/** Forgets the process's one learning service: the next call makes a new one. */
export const resetPersistentLearning = learning.reset;
