import type { Analytics } from '@codebuddy/db-core';

const COLUMNS = [
  'date',
  'project_id',
  'model',
  'requests',
  'tokens_in',
  'tokens_out',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost',
  'tool_calls',
  'errors',
  'avg_response_time_ms',
  'cache_hit_rate',
  'session_count',
] as const satisfies readonly (keyof Analytics)[];

/** Writes days as CSV (RFC 4180), with a line of names: lines end with CRLF; a field with a comma, a quote or a line break is quoted. */
export function toCsv(days: readonly Analytics[]): string {
  const rows = [COLUMNS, ...days.map((day) => COLUMNS.map((column) => day[column]))];
  return rows.map((row) => `${row.map(toField).join(',')}\r\n`).join('');
}

function toField(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
