import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';

/** The legacy files that were imported. */
export const imports: Domain = {
  migrations,
  tables: ['imported_files'],
};
