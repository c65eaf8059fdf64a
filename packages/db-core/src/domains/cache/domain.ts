import type { Domain } from '../../table-kit/domain.ts';
import { legacy } from './legacy.ts';
import { migrations } from './table.ts';
import { CACHE_VECTORS } from './vector-source.ts';

/** Values by key, with an optional end of life. */
export const cache: Domain = {
  migrations,
  tables: ['cache'],
  counted: { table: 'cache', name: 'cacheSize', label: 'Cache entries' },
  vectors: CACHE_VECTORS,
  derived: [
    {
      tables: ['cache', 'cache_totals'],
      sql: 'INSERT OR REPLACE INTO cache_totals (id, entries, bytes) SELECT 1, count(*), ifnull(sum(size), 0) FROM cache',
    },
  ],
  legacy,
};
