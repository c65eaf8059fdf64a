export type {
  CheckpointFilter,
  CheckpointOrigin,
  ForkOptions,
  MessageMatch,
  MessageSearchOptions,
  ModelCost,
  NewCheckpoint,
  NewCheckpointFile,
  NewMessage,
  NewSession,
  ProjectPlace,
  SessionExport,
  SessionFilter,
  SessionStats,
  SessionUsage,
} from '@codebuddy/db-core';
export {
  CheckpointRepository,
  getCheckpointRepository,
  resetCheckpointRepository,
} from './checkpoints/checkpoint-repository.ts';
export type { FileChange } from './checkpoints/file-change.ts';
export {
  ProjectCheckpoints,
  type ProjectCheckpointsConfig,
  type SaveDetails,
} from './checkpoints/project-checkpoints.ts';
export type { RestoreResult } from './checkpoints/restore/restorer.ts';
export { getSessionRepository, resetSessionRepository, SessionRepository } from './sessions/session-repository.ts';
