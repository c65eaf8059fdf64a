import { type CostRecord, hashContent, isCalendarDate, isPlainObject } from '@codebuddy/db-core/internal';
import { roundAmount } from './amount.ts';
import { EntryReader } from './entry-reader.ts';

/** A cost history as records, with what could not be read of it. */
export interface ParsedCosts {
  readonly records: readonly { readonly position: string; readonly record: CostRecord }[];
  readonly problems: readonly { readonly position?: string; readonly reason: string }[];
}

/** The share of a session's tokens that is taken for input; the file tells only their sum. */
const INPUT_SHARE = 0.7;

/** Turns `cost-history.json` into records: one for each day, and one for each session. */
export function parseLegacyCosts(content: unknown): ParsedCosts {
  if (!isPlainObject(content)) return { records: [], problems: [{ reason: 'it is not an object' }] };
  const records: { position: string; record: CostRecord }[] = [];
  const problems: { position?: string; reason: string }[] = [];
  const keep = (position: string, parsed: CostRecord | readonly string[]) => {
    if ('key' in parsed) records.push({ position, record: parsed });
    else problems.push({ position, reason: parsed.join('; ') });
  };

  const daily = content['daily'] ?? {};
  const sessions = content['sessions'] ?? [];
  if (isPlainObject(daily)) {
    for (const [index, [date, cost]] of Object.entries(daily).entries()) keep(`day ${index + 1}`, parseDay(date, cost));
  } else problems.push({ reason: 'daily is not an object' });
  if (Array.isArray(sessions)) {
    const seen = new Map<string, number>();
    for (const [index, session] of sessions.entries()) keep(`session ${index + 1}`, parseSession(session, seen));
  } else problems.push({ reason: 'sessions is not a list' });
  return { records, problems };
}

function parseDay(date: string, cost: unknown): CostRecord | string[] {
  const reasons: string[] = [];
  if (!isCalendarDate(date)) reasons.push('it is not a day of the calendar');
  if (!isAmount(cost)) reasons.push('its cost is not an amount of US dollars from 0 to 9,007,199');
  if (reasons.length > 0 || !isAmount(cost)) return reasons;
  return { key: `daily:${date}`, date, cost, tokensIn: 0, tokensOut: 0, sessions: 0 };
}

/** @param seen - how often each session was read before: two that are alike are two */
function parseSession(session: unknown, seen: Map<string, number>): CostRecord | string[] {
  const read = new EntryReader(session);
  const date = read.text('date');
  const cost = read.any('cost');
  const tokens = read.optionalCount('tokens') ?? 0;
  const model = read.optionalText('model');
  if (date !== '' && !isCalendarDate(date)) read.reasons.push('date is not a day of the calendar');
  if (isPlainObject(session) && !isAmount(cost))
    read.reasons.push('cost is not an amount of US dollars from 0 to 9,007,199');
  if (read.reasons.length > 0 || !isAmount(cost)) return read.reasons;

  // The cost as it stands in the file: rounded, it would name another entry than in earlier imports.
  const content = JSON.stringify([date, cost, tokens, model]);
  const count = (seen.get(content) ?? 0) + 1;
  seen.set(content, count);
  const tokensIn = Math.round(tokens * INPUT_SHARE);
  const key = `session:${hashContent(Buffer.from(content)).slice(0, 32)}:${count}`;
  return { key, date, cost, tokensIn, tokensOut: tokens - tokensIn, sessions: 1, ...(model ? { model } : {}) };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && roundAmount(value) !== undefined;
}
