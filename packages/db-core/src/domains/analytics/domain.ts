import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';

export const analytics: Domain = { migrations };
