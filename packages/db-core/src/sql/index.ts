export { type ConnectionContext, contextOf } from './connection-context.ts';
export { Filter, PAGE_CLAUSE, PAGE_NAMES, type Page, pageParameters } from './filter.ts';
export { laterInstant } from './later-instant.ts';
export type { PreparedStatement, Row, SqlParameters } from './prepared-statement.ts';
export * as read from './row-readers.ts';
export type { StatementCache } from './statement-cache.ts';
export type { RunReads, RunTransaction, Transaction } from './transactions.ts';
export type { Usage, UsageCounter } from './usage-counter.ts';
