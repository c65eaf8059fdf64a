import type { Domain } from '../table-kit/domain.ts';
import { analytics } from './analytics/domain.ts';
import { bookkeeping } from './bookkeeping/domain.ts';
import { cache } from './cache/domain.ts';
import { checkpoints } from './checkpoints/domain.ts';
import { code } from './code/domain.ts';
import { fullText } from './full-text/domain.ts';
import { imports } from './imports/domain.ts';
import { memories } from './memories/domain.ts';
import { sessions } from './sessions/domain.ts';
import { vectorIndex } from './vector-index/domain.ts';

/** Every subject that has tables. The SQL of each version is run in this order, so a new one comes last. */
export const DOMAINS: readonly Domain[] = [
  bookkeeping,
  fullText,
  vectorIndex,
  memories,
  sessions,
  checkpoints,
  code,
  analytics,
  cache,
  imports,
];
