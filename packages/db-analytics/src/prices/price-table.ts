import { InvalidInputError } from '@codebuddy/db-core';
import {
  type NamesOf,
  readOptions,
  refuseUnknownNames,
  requireNumber,
  requireObject,
  requireString,
} from '@codebuddy/db-core/internal';

/** The price of a model, in US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Input that the provider read from its cache. Default: as other input. */
  readonly cacheRead?: number;
  /** Input that the provider wrote to its cache. Default: as other input. */
  readonly cacheWrite?: number;
}

/** Prices as of a day. A caller's own table replaces the default one. */
export interface PriceTable {
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  /** By model name; the longest name that a model's own begins with counts. */
  readonly models: Readonly<Record<string, ModelPrice>>;
}

/** The tokens of a request. Those read from or written to a cache are not counted as input again. */
export interface TokenCounts {
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cacheReadTokens?: number | null | undefined;
  readonly cacheWriteTokens?: number | null | undefined;
}

/** Finds a model's price: that of its own name, or of the longest name that its own begins with. */
export function priceOf(table: PriceTable, model: string): ModelPrice | undefined {
  const names = Object.keys(table.models).filter((name) => model === name || model.startsWith(`${name}-`));
  const [longest] = names.sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : table.models[longest];
}

/** Calculates what tokens cost, in whole nano-dollars: a price of $1 per million tokens is 1,000 a token. */
export function costInNanos(price: ModelPrice, tokens: TokenCounts): number {
  const { tokensIn, tokensOut, cacheReadTokens, cacheWriteTokens } = tokens;
  const perMillion =
    tokensIn * price.input +
    tokensOut * price.output +
    (cacheReadTokens ?? 0) * (price.cacheRead ?? price.input) +
    (cacheWriteTokens ?? 0) * (price.cacheWrite ?? price.input);
  return Math.round(perMillion * 1_000);
}

const PRICE_NAMES: NamesOf<ModelPrice> = { input: true, output: true, cacheRead: true, cacheWrite: true };

const PRICE_PARTS = ['input', 'output', 'cacheRead', 'cacheWrite'] as const satisfies readonly (keyof ModelPrice)[];

/** Checks a caller's table. */
export function checkPriceTable(table: PriceTable): PriceTable {
  requireString(readOptions(table, { asOf: true, models: true }, 'prices').asOf, 'prices.asOf');
  for (const [model, price] of Object.entries(requireObject(table.models, 'prices.models'))) {
    refuseUnknownNames(requireObject(price, `prices.${model}`), PRICE_NAMES, {}, `prices.${model}`);
    for (const part of PRICE_PARTS) {
      if (price[part] !== undefined) requireNumber(price[part], `prices.${model}.${part}`, { min: 0 });
    }
    if (price.input === undefined || price.output === undefined) {
      throw new InvalidInputError(`prices.${model}`, 'expected input and output in US dollars per million tokens');
    }
  }
  return table;
}
