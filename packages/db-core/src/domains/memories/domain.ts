import type { Domain } from '../../table-kit/domain.ts';
import { legacy } from './legacy.ts';
import { migrations } from './table.ts';
import { MEMORY_VECTORS } from './vector-source.ts';

/** The memories of an agent, which outlive its conversations. */
export const memories: Domain = {
  migrations,
  tables: ['memories'],
  counted: { table: 'memories', name: 'memoriesCount', label: 'Memories' },
  vectors: MEMORY_VECTORS,
  legacy,
};
