export * from './call-errors.ts';
export { toDatabaseError } from './classify.ts';
export * from './connection-errors.ts';
export { DatabaseError, type DatabaseErrorCode, type DatabaseErrorOptions, hasErrorCode } from './database-error.ts';
export * from './storage-errors.ts';
export { hasSystemCode } from './system-error.ts';
