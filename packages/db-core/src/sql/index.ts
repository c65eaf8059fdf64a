export { Filter, PAGE_CLAUSE, type Page, pageParameters } from './filter.ts';
export { PreparedStatement, type Row, type SqlParameters } from './prepared-statement.ts';
export * as read from './row-readers.ts';
export { StatementCache } from './statement-cache.ts';
export { prepareReads, prepareTransactions, type RunReads, type RunTransaction } from './transactions.ts';
