// Checked by the compiler: `pnpm typecheck`.
import type { AnalyticsStore, RepairLearning } from '@codebuddy/db-core';
import { expectTypeOf } from 'vitest';
import type { AnalyticsRepository, BudgetAlert, PersistentAnalytics } from '../src/index.ts';

declare const repository: AnalyticsRepository;
expectTypeOf(repository).toExtend<AnalyticsStore>();
expectTypeOf(repository.getBestStrategies('pattern')).toEqualTypeOf<RepairLearning[]>();

declare const analytics: PersistentAnalytics;
expectTypeOf(analytics.record({ model: 'm', tokensIn: 1, tokensOut: 1 })).toBeNumber();
analytics.on('budget:alert', (alert) => expectTypeOf(alert).toEqualTypeOf<BudgetAlert>());
