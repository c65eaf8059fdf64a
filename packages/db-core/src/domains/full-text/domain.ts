import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';

/** The tables that full-text indexes share. */
export const fullText: Domain = {
  migrations,
  tables: [],
};
