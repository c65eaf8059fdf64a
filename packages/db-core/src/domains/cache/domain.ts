import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';
import { CACHE_VECTORS } from './vector-source.ts';

export const cache: Domain = { migrations, vectors: CACHE_VECTORS };
