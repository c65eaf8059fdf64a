import type { PriceTable } from './price-table.ts';

/**
 * List prices as the providers published them by the day named here. They change: pass a table of your own if money
 * depends on it.
 */
export const DEFAULT_PRICES: PriceTable = {
  asOf: '2025-09-01',
  models: {
    'grok-4': { input: 3, output: 15, cacheRead: 0.75 },
    'grok-3': { input: 3, output: 15, cacheRead: 0.75 },
    'grok-3-mini': { input: 0.3, output: 0.5, cacheRead: 0.075 },
    'grok-code-fast-1': { input: 0.2, output: 1.5, cacheRead: 0.02 },
    'claude-opus-4': { input: 15, output: 75, cacheRead: 1.5, cacheWrite: 18.75 },
    'claude-sonnet-4': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    'claude-3-5-haiku': { input: 0.8, output: 4, cacheRead: 0.08, cacheWrite: 1 },
    'gpt-5': { input: 1.25, output: 10, cacheRead: 0.125 },
    'gpt-5-mini': { input: 0.25, output: 2, cacheRead: 0.025 },
    'gpt-5-nano': { input: 0.05, output: 0.4, cacheRead: 0.005 },
    'gpt-4o': { input: 2.5, output: 10, cacheRead: 1.25 },
    'gpt-4o-mini': { input: 0.15, output: 0.6, cacheRead: 0.075 },
  },
};
