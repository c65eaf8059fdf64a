export { formatTarget, formatValue, isMet } from './columns.ts';
export type { Entries, Entry, Goal, Row, Value } from './entry.ts';
export { type FilledPage, fillIn, withoutFigures } from './fill-in.ts';
export { fillPages, keepForPages, type Measured, pagesOf, readEntries, recordBenchmark, tally } from './store.ts';
export { drawAligned, drawTable } from './tables.ts';
