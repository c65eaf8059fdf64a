import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';

/** The database's records about itself. */
export const bookkeeping: Domain = {
  migrations,
  tables: ['adoption_rejects'],
  derived: [{ tables: ['conflict_probe'], sql: 'INSERT OR REPLACE INTO conflict_probe (id, replaces) VALUES (1, 0)' }],
};
