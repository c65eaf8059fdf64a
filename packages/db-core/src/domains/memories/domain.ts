import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';
import { MEMORY_VECTORS } from './vector-source.ts';

export const memories: Domain = { migrations, vectors: MEMORY_VECTORS };
