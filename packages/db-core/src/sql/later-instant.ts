/**
 * Writes the SQL of an instant that does not go back: the later one of a column and the present. What lies more than a day ahead
 * (`MAX_SETBACK_MS` of the clock) comes from a clock that was wrong, and does not hold on.
 *
 * @param column - never a caller's text
 * @param now - the parameter that holds the present instant, such as `@now`
 */
export function laterInstant(column: string, now: string): string {
  return `CASE WHEN ${column} > strftime('%Y-%m-%dT%H:%M:%fZ', ${now}, '+1 day') THEN ${now} ELSE max(${column}, ${now}) END`;
}
