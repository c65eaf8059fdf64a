export * from './analytics.ts';
export * from './checkpoint.ts';
export * from './code-embedding.ts';
export * from './memory.ts';
export * from './session.ts';
