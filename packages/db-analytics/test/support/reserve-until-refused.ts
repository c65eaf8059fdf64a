// A process of its own: reserves and settles until the budget is used up, and reports what it spent.
import { DatabaseManager, hasErrorCode } from '@codebuddy/db-core';
import { PersistentAnalytics } from '../../src/index.ts';

const [path = ''] = process.argv.slice(2);
process.once('message', async () => {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  const analytics = new PersistentAnalytics({ daily: 1 }, { db: manager.getDatabase() });
  let alerts = 0;
  analytics.on('budget:alert', () => alerts++);
  let settled = 0;
  for (;;) {
    try {
      const reservation = analytics.reserve(0.01);
      analytics.settle(reservation, {
        model: 'm',
        tokensIn: 1,
        tokensOut: 1,
        cost: 0.01,
        responseTimeMs: 1,
        cacheHit: false,
      });
      settled++;
    } catch (error) {
      if (hasErrorCode(error, 'DB_BUDGET_EXCEEDED')) break;
      throw error;
    }
  }
  manager.close();
  process.send?.({ settled, alerts }, () => process.disconnect());
});
process.send?.('ready');
