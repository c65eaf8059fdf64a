import type { Domain } from '../../table-kit/domain.ts';
import { legacy } from './legacy.ts';
import { migrations } from './table.ts';

/** The state of files before an edit. */
export const checkpoints: Domain = {
  migrations,
  tables: ['checkpoint_files', 'checkpoint_contents', 'checkpoints'],
  legacy,
};
