import { type CostRecord, hashContent, isCalendarDate, isPlainObject } from '@codebuddy/db-core/internal';
import { roundAmount } from './amount.ts';
import { EntryReader } from './entry-reader.ts';
import { readInstant } from './instant.ts';

/** A cost history as records, with what could not be read of it. */
export interface ParsedCosts {
  readonly records: readonly { readonly position: string; readonly record: CostRecord }[];
  readonly problems: readonly { readonly position?: string; readonly reason: string }[];
}

/** The share of a session's tokens that is taken for input; the file tells only their sum. */
const INPUT_SHARE = 0.7;

/**
 * Turns `cost-history.json` into records. It is an object with the costs of days and of sessions, or a list of the requests of a
 * model.
 */
export function parseLegacyCosts(content: unknown): ParsedCosts {
  const costs = new CostReader();
  if (Array.isArray(content)) costs.readList('request', 'the file', content, parseRequest);
  else if (!isPlainObject(content)) costs.problems.push({ reason: 'it is no object and no list' });
  else if (!('daily' in content || 'sessions' in content))
    costs.problems.push({ reason: 'it has no daily and no sessions, so its shape is not known' });
  else {
    costs.readDays(content['daily'] ?? {});
    costs.readList('session', 'sessions', content['sessions'] ?? [], parseSession);
  }
  return costs;
}

/** @param seen - how often each entry was read before: two that are alike are two */
type ParseCost = (entry: unknown, seen: Map<string, number>) => CostRecord | string[];

class CostReader implements ParsedCosts {
  readonly records: { position: string; record: CostRecord }[] = [];
  readonly problems: { position?: string; reason: string }[] = [];

  readDays(daily: unknown): void {
    if (!isPlainObject(daily)) {
      this.problems.push({ reason: 'daily is not an object' });
      return;
    }
    for (const [index, [date, cost]] of Object.entries(daily).entries())
      this.#keep(`day ${index + 1}`, parseDay(date, cost));
  }

  readList(kind: string, name: string, list: unknown, parse: ParseCost): void {
    if (!Array.isArray(list)) {
      this.problems.push({ reason: `${name} is not a list` });
      return;
    }
    const seen = new Map<string, number>();
    for (const [index, entry] of list.entries()) this.#keep(`${kind} ${index + 1}`, parse(entry, seen));
  }

  #keep(position: string, parsed: CostRecord | readonly string[]): void {
    if ('key' in parsed) this.records.push({ position, record: parsed });
    else this.problems.push({ position, reason: parsed.join('; ') });
  }
}

function parseDay(date: string, cost: unknown): CostRecord | string[] {
  const reasons: string[] = [];
  if (!isCalendarDate(date)) reasons.push('it is not a day of the calendar');
  if (!isAmount(cost)) reasons.push('its cost is not an amount of US dollars from 0 to 9,007,199');
  if (reasons.length > 0 || !isAmount(cost)) return reasons;
  return { key: `daily:${date}`, date, cost, tokensIn: 0, tokensOut: 0, sessions: 0 };
}

/** Reads the costs of a session. The file tells only the sum of its tokens. */
function parseSession(session: unknown, seen: Map<string, number>): CostRecord | string[] {
  const read = new EntryReader(session);
  const date = read.text('date');
  const cost = readCost(read);
  const tokens = read.optionalCount('tokens') ?? 0;
  const model = read.optionalText('model');
  const day = dayOf(date);
  if (date !== '' && day === undefined) read.reasons.push('date is not a day of the calendar');
  if (read.reasons.length > 0 || day === undefined || cost === undefined) return read.reasons;
  const tokensIn = Math.round(tokens * INPUT_SHARE);
  const key = nameOf('session', [date, cost, tokens, model], seen);
  return { key, date: day, cost, tokensIn, tokensOut: tokens - tokensIn, sessions: 1, ...(model ? { model } : {}) };
}

/** Reads the costs of one request. */
function parseRequest(request: unknown, seen: Map<string, number>): CostRecord | string[] {
  const read = new EntryReader(request);
  const at = read.instant('timestamp');
  const cost = readCost(read);
  const tokensIn = read.optionalCount('inputTokens') ?? 0;
  const tokensOut = read.optionalCount('outputTokens') ?? 0;
  const model = read.optionalText('model');
  const id = read.optionalText('id');
  if (read.reasons.length > 0 || cost === undefined) return read.reasons;
  const content = [id, at, cost, tokensIn, tokensOut, model];
  // A request that has an id, and stands twice in the file, is one.
  const key = nameOf('request', content, id ? new Map() : seen);
  return { key, date: at.slice(0, 10), cost, tokensIn, tokensOut, sessions: 0, ...(model ? { model } : {}) };
}

/** The cost as it stands in the file: rounded, it would name another entry than in earlier imports. */
function readCost(read: EntryReader): number | undefined {
  const cost = read.any('cost');
  if (isAmount(cost)) return cost;
  if (read.isObject) read.reasons.push('cost is not an amount of US dollars from 0 to 9,007,199');
  return undefined;
}

/** Returns the day, in UTC, of a date or an instant. */
function dayOf(date: string): string | undefined {
  return isCalendarDate(date) ? date : readInstant(date)?.slice(0, 10);
}

/** Names an entry by its content, and by how many before it have the same. */
function nameOf(kind: string, content: readonly unknown[], seen: Map<string, number>): string {
  const text = JSON.stringify(content);
  const count = (seen.get(text) ?? 0) + 1;
  seen.set(text, count);
  return `${kind}:${hashContent(Buffer.from(text)).slice(0, 32)}:${count}`;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && roundAmount(value) !== undefined;
}
