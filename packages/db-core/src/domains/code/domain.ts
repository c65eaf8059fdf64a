import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';
import { CODE_VECTORS } from './vector-source.ts';

export const code: Domain = { migrations, vectors: CODE_VECTORS };
