export type {
  ForkOptions,
  MessageMatch,
  MessageSearchOptions,
  ModelCost,
  NewCheckpoint,
  NewCheckpointFile,
  NewMessage,
  NewSession,
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
export { type FileChange, ProjectCheckpoints, type RestoreResult } from './checkpoints/project-checkpoints.ts';
export { getSessionRepository, resetSessionRepository, SessionRepository } from './sessions/session-repository.ts';
