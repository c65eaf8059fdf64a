export * from './analytics/record.ts';
export * from './checkpoints/record.ts';
export * from './code/record.ts';
export * from './memories/record.ts';
export * from './sessions/record.ts';
