/**
 * The SQL condition that a string is a day of the calendar: SQLite rolls 2025-02-30 over to March, so it must come
 * back.
 */
export function isCalendarDateSql(text: string): string {
  return `ifnull(strftime('%Y-%m-%d', ${text}, '+0 days') = ${text}, 0)`;
}
