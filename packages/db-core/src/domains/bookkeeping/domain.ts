import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';

/** What the database knows of itself. */
export const bookkeeping: Domain = {
  migrations,
  tables: ['adoption_rejects'],
};
