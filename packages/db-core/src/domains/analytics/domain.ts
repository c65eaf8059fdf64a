import type { Domain } from '../../table-kit/domain.ts';
import { legacy } from './legacy.ts';
import { migrations } from './table.ts';

/** Costs, tool statistics and what was learned. */
export const analytics: Domain = {
  migrations,
  tables: [
    'analytics',
    'usage_requests',
    'budget_reservations',
    'budget_alerts',
    'imported_costs',
    'tool_stats',
    'repair_learning',
    'conventions',
  ],
  legacy,
};
