import { InvalidInputError } from '@codebuddy/db-core';
import {
  optionalInteger,
  pageParameters,
  requireArray,
  requireObject,
  requireOneOf,
  requireString,
  requireStringOrEmpty,
} from '@codebuddy/db-core/internal';
import {
  type GetOperation,
  type IndexConfig,
  InvalidNamespaceError,
  type ListNamespacesOperation,
  type Operation,
  type PutOperation,
  type SearchOperation,
  validateNamespace,
} from '@langchain/langgraph-checkpoint';

/**
 * Checks an operation, before anything is read or written.
 *
 * @throws InvalidInputError when a part makes no sense
 * @throws InvalidNamespaceError of LangGraph when an item's namespace is not one
 */
export function requireOperation(operation: Operation): void {
  requireObject(operation, 'operations');
  if (isSearch(operation)) requireSearch(operation);
  else if (isPut(operation)) requirePut(operation);
  else if ('key' in operation) requirePlace(operation);
  else requireListing(operation);
}

/** Checks what makes the vectors of a store. */
export function requireIndex(index: IndexConfig): IndexConfig {
  const { embeddings, fields } = requireObject(index, 'index');
  const { embedQuery, embedDocuments } = requireObject(embeddings, 'index.embeddings');
  if (typeof embedQuery !== 'function' || typeof embedDocuments !== 'function')
    throw new InvalidInputError('index.embeddings', 'expected embeddings of LangChain');
  if (fields !== undefined) requireTexts(fields, 'index.fields');
  return index;
}

export function isPut(operation: Operation): operation is PutOperation {
  return 'value' in operation;
}

export function isSearch(operation: Operation): operation is SearchOperation {
  return 'namespacePrefix' in operation;
}

function requireSearch({ namespacePrefix, filter, limit, offset, query }: SearchOperation): void {
  requireTexts(namespacePrefix, 'namespacePrefix');
  if (filter !== undefined) requireObject(filter, 'filter');
  if (query !== undefined) requireStringOrEmpty(query, 'query');
  pageParameters({ limit, offset });
}

function requirePut({ namespace, key, value, index }: PutOperation): void {
  requirePlace({ namespace, key });
  requireNamespace(namespace);
  if (value !== null) requireObject(value, 'value');
  if (index !== undefined && index !== false) requireTexts(index, 'index');
}

/** LangGraph's own error quotes the label. */
function requireNamespace(namespace: string[]): void {
  try {
    validateNamespace(namespace, { allowReservedRoot: true });
  } catch (error) {
    if (!(error instanceof InvalidNamespaceError)) throw error;
    throw new InvalidNamespaceError(
      "Invalid namespace: expected at least one label, and none that is empty or contains '.', ':' or a NUL byte.",
    );
  }
}

function requirePlace({ namespace, key }: GetOperation): void {
  requireTexts(namespace, 'namespace');
  requireString(key, 'key');
}

function requireListing({ matchConditions = [], maxDepth, limit, offset }: ListNamespacesOperation): void {
  for (const condition of requireArray(matchConditions, 'matchConditions')) {
    const { matchType, path } = requireObject(condition, 'matchConditions');
    requireOneOf(matchType, 'matchType', ['prefix', 'suffix']);
    requireTexts(path, 'path');
  }
  optionalInteger(maxDepth, 'maxDepth', { min: 0 });
  pageParameters({ limit, offset });
}

function requireTexts(texts: readonly unknown[], field: string): void {
  for (const text of requireArray(texts, field)) requireStringOrEmpty(text, field);
}
