import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';

/** What full-text indexes share. */
export const fullText: Domain = {
  migrations,
  tables: [],
};
