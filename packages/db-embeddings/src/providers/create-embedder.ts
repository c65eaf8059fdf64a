import { InvalidInputError } from '@codebuddy/db-core';
import {
  type Given,
  type NamesOf,
  optionalBoolean,
  optionalInteger,
  requireFunction,
  requireInteger,
  requireObject,
  requirePath,
  requireString,
  requireStringOrEmpty,
} from '@codebuddy/db-core/internal';
import {
  AiSdkEmbedder,
  type AiSdkEmbeddingModel,
  type EmbedFunction,
  FunctionEmbedder,
  MockEmbedder,
} from './custom-embedders.ts';
import type { Embedder } from './embedder.ts';
import { HttpEmbedder } from './http-embedder.ts';
import { LexicalEmbedder } from './lexical-embedder.ts';
import { LocalEmbedder } from './local-embedder.ts';

const OPENAI_MODEL = 'text-embedding-3-small';

/** OpenAI's models make so many dimensions unless asked for less (https://platform.openai.com/docs/guides/embeddings). */
const OPENAI_DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1_536,
  'text-embedding-3-large': 3_072,
  'text-embedding-ada-002': 1_536,
};

/** No known model makes vectors of more numbers. */
const DIMENSIONS = { min: 1, max: 65_536 };

/** The providers that are known by name. */
export const PROVIDER_TYPES = ['local', 'openai', 'grok', 'openai-compatible', 'lexical', 'mock'] as const;

/** A provider that is known by name. */
export type ProviderType = (typeof PROVIDER_TYPES)[number];

/** The source of vectors: a provider by its name, a model of the AI SDK, a function, or an embedder of your own. */
export interface EmbeddingProviderConfig {
  /** Default: `lexical`, which neither downloads nor sends anything. */
  readonly provider?: ProviderType | AiSdkEmbeddingModel | EmbedFunction | Embedder | null | undefined;
  /** The model's name. Default: the provider's usual one. */
  readonly model?: string | null | undefined;
  /** The same as `model`. */
  readonly modelName?: string | null | undefined;
  /** The number of dimensions. Default: as many as the model makes. */
  readonly dimensions?: number | null | undefined;
  /** Of the server. Default: that of the provider. */
  readonly baseURL?: string | null | undefined;
  /** The same as `baseURL`. */
  readonly apiEndpoint?: string | null | undefined;
  /** Default: `OPENAI_API_KEY`, or `XAI_API_KEY` or `GROK_API_KEY` for `grok`. */
  readonly apiKey?: string | null | undefined;
  /** The most texts in one request. */
  readonly maxBatch?: number | null | undefined;
  /** The same as `maxBatch`. */
  readonly batchSize?: number | null | undefined;
  /** The folder that keeps the files of a local model. Default: that of transformers.js. */
  readonly cacheDir?: string | null | undefined;
  /** The time limit of one request, in milliseconds. */
  readonly timeoutMs?: number | null | undefined;
  readonly maxRetries?: number | null | undefined;
  readonly retryDelayMs?: number | null | undefined;
  /** Whether words take the place of a local model that can't be loaded. Default: true. */
  readonly lexicalFallback?: boolean | null | undefined;
}

/** The names of an {@link EmbeddingProviderConfig}. */
export const PROVIDER_CONFIG_NAMES: NamesOf<EmbeddingProviderConfig> = {
  provider: true,
  model: true,
  modelName: true,
  dimensions: true,
  baseURL: true,
  apiEndpoint: true,
  apiKey: true,
  maxBatch: true,
  batchSize: true,
  cacheDir: true,
  timeoutMs: true,
  maxRetries: true,
  retryDelayMs: true,
  lexicalFallback: true,
};

/** The environment variables that hold the keys of services which need one. */
export const KEY_VARIABLES: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  grok: 'XAI_API_KEY',
};

/** An embedder, and what callers call it. */
export interface NamedEmbedder {
  readonly type: string;
  readonly embedder: Embedder;
  /** The number of dimensions that the model is known to make, though the server may have another one of its name. */
  readonly usualDimensions?: number | undefined;
}

/** Makes the embedder that a configuration asks for. */
export function createEmbedder(given: Given<EmbeddingProviderConfig>): NamedEmbedder {
  const config = checked(inOurWords(given));
  const { provider = 'lexical' } = config;
  if (typeof provider === 'function') {
    return {
      type: 'function',
      embedder: new FunctionEmbedder(provider, `function:${config.model ?? 'custom'}`, config),
    };
  }
  if (typeof provider === 'object') {
    return isAiSdkModel(provider)
      ? { type: 'ai-sdk', embedder: new AiSdkEmbedder(provider, config) }
      : { type: 'custom', embedder: checkedEmbedder(provider) };
  }
  const usualDimensions = provider === 'openai' ? OPENAI_DIMENSIONS[config.model ?? OPENAI_MODEL] : undefined;
  return { type: provider, embedder: createNamed(provider, config), usualDimensions };
}

function createNamed(provider: ProviderType, config: Given<EmbeddingProviderConfig>): Embedder {
  switch (provider) {
    case 'local':
      return new LocalEmbedder(config.model, config.dimensions, config.cacheDir);
    case 'lexical':
      return new LexicalEmbedder();
    case 'mock':
      return new MockEmbedder(config.dimensions);
    case 'openai':
      return new HttpEmbedder({
        ...config,
        provider,
        baseURL: config.baseURL ?? 'https://api.openai.com/v1',
        model: config.model ?? OPENAI_MODEL,
        apiKey: config.apiKey ?? process.env['OPENAI_API_KEY'],
      });
    case 'grok':
      return new HttpEmbedder({
        ...config,
        provider,
        baseURL: config.baseURL ?? 'https://api.x.ai/v1',
        model: config.model ?? 'v1',
        apiKey: config.apiKey ?? process.env['XAI_API_KEY'] ?? process.env['GROK_API_KEY'],
      });
    case 'openai-compatible': {
      const { baseURL, model } = config;
      if (baseURL === undefined)
        throw new InvalidInputError('baseURL', 'expected the address of the server, such as http://127.0.0.1:11434/v1');
      if (model === undefined) throw new InvalidInputError('model', 'expected the name of a model that the server has');
      return new HttpEmbedder({ ...config, provider, baseURL, model });
    }
    default:
      throw new InvalidInputError('provider', `expected one of ${PROVIDER_TYPES.join(', ')}`);
  }
}

function isAiSdkModel(provider: AiSdkEmbeddingModel | Embedder): provider is AiSdkEmbeddingModel {
  return requireObject(provider, 'provider') && 'doEmbed' in provider && typeof provider.doEmbed === 'function';
}

function checkedEmbedder(provider: Embedder): Embedder {
  requireString(provider.model, 'provider.model');
  requireInteger(provider.maxBatch, 'provider.maxBatch', { min: 1 });
  optionalInteger(provider.dimensions, 'provider.dimensions', DIMENSIONS);
  requireFunction(provider.embed, 'provider.embed');
  return provider;
}

/** Takes the names that callers use for ours; where both are given, ours count. */
function inOurWords(given: Given<EmbeddingProviderConfig>): Given<EmbeddingProviderConfig> {
  const { modelName, apiEndpoint, batchSize, ...config } = given;
  return {
    ...config,
    model: config.model ?? modelName,
    baseURL: config.baseURL ?? apiEndpoint,
    maxBatch: config.maxBatch ?? batchSize,
  };
}

function checked(config: Given<EmbeddingProviderConfig>): Given<EmbeddingProviderConfig> {
  const { model, dimensions, baseURL, apiKey, cacheDir, maxBatch, timeoutMs, maxRetries, retryDelayMs } = config;
  if (model !== undefined) requireString(model, 'model');
  if (baseURL !== undefined) requireString(baseURL, 'baseURL');
  if (apiKey !== undefined) requireStringOrEmpty(apiKey, 'apiKey');
  if (cacheDir !== undefined) requirePath(cacheDir, 'cacheDir');
  optionalInteger(dimensions, 'dimensions', DIMENSIONS);
  optionalInteger(maxBatch, 'maxBatch', { min: 1 });
  optionalInteger(timeoutMs, 'timeoutMs', { min: 1, max: 2 ** 31 - 1 });
  optionalInteger(maxRetries, 'maxRetries', { min: 0 });
  optionalInteger(retryDelayMs, 'retryDelayMs', { min: 0, max: 2 ** 31 - 1 });
  optionalBoolean(config.lexicalFallback, 'lexicalFallback');
  return config;
}
