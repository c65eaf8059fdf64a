import { PersistentAnalytics, PersistentLearning } from '@codebuddy/db-analytics';
import { shareRepository } from '@codebuddy/db-core/internal';

const analytics = shareRepository((db) => new PersistentAnalytics({}, { db }));
const learning = shareRepository((db) => new PersistentLearning({ db }));

/** Returns the process's one analytics service, for the present connection of its `DatabaseManager`. */
export const getPersistentAnalytics = analytics.get;

/** Returns the process's one learning service, for the present connection of its `DatabaseManager`. */
export const getPersistentLearning = learning.get;

/** Forgets both services: the next calls make new ones. */
export function resetSharedServices(): void {
  analytics.reset();
  learning.reset();
}
