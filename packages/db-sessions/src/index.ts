export {
  CheckpointRepository,
  getCheckpointRepository,
  type NewCheckpoint,
  type NewCheckpointFile,
  resetCheckpointRepository,
} from './checkpoints/checkpoint-repository.ts';
export { type FileChange, ProjectCheckpoints, type RestoreResult } from './checkpoints/project-checkpoints.ts';
export type { NewMessage, NewSession, SessionUsage } from './sessions/inputs.ts';
export type { MessageMatch, MessageSearchOptions, SessionFilter } from './sessions/queries.ts';
export type { ForkOptions, ModelCost, SessionStats } from './sessions/results.ts';
export { getSessionRepository, resetSessionRepository, SessionRepository } from './sessions/session-repository.ts';
export type { SessionExport } from './transcripts/session-export.ts';
