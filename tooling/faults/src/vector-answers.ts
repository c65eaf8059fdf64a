import type { Database } from '@codebuddy/db-core';
import {
  type Condition,
  cosineSimilarity,
  DOMAINS,
  decodeVector,
  type Neighbour,
  type VectorSource,
  vectorIndexOf,
} from '@codebuddy/db-core/internal';
import { seededRandom } from '@codebuddy/db-core/testing';
import { randomVector } from './random-vector.ts';

const DIMENSIONS = 16;
const MODEL = 'm';
const TOP_K = 20;

const SOURCES = DOMAINS.flatMap(({ vectors = [] }) => vectors);

/**
 * Compares what vector searches find, under a filter by each attribute, with what a scan of the table finds; and again when
 * everything that is derived from the vectors was made anew.
 */
export function findWrongNeighbours(db: Database): string[] {
  return SOURCES.flatMap((source) => {
    const found = wrongSearches(db, source).map((search) => `${search} finds something else than a scan`);
    vectorIndexOf(db, source).rebuild();
    return [...found, ...wrongSearches(db, source).map((search) => `${search} is wrong after a rebuild`)];
  });
}

interface StoredRow {
  readonly key: number;
  readonly vector: Float32Array;
  readonly attributes: ReadonlyMap<string, unknown>;
}

function wrongSearches(db: Database, source: VectorSource): string[] {
  const index = vectorIndexOf(db, source);
  const rows = storedRows(db, source);
  const next = seededRandom(7);
  return filtersOf(source, rows).flatMap((conditions) => {
    const vector = randomVector(next, DIMENSIONS);
    const expected = scan(rows, vector, conditions);
    const found = index.search({ vector, model: MODEL, topK: TOP_K, mode: 'exact', conditions });
    if (JSON.stringify(found) === JSON.stringify(expected)) return [];
    return [`vectors of ${source.name} with ${JSON.stringify(conditions)}`];
  });
}

/** Every attribute by a value that occurs, and none. */
function filtersOf({ keyword, numeric }: VectorSource, rows: readonly StoredRow[]): Condition[][] {
  const filters: Condition[][] = [[]];
  const values = (name: string) => rows.map(({ attributes }) => attributes.get(name));
  for (const name of Object.keys(keyword)) {
    const value = values(name).find((each) => typeof each === 'string');
    if (typeof value === 'string') filters.push([{ keyword: name, oneOf: [value] }]);
  }
  for (const name of Object.keys(numeric)) {
    const sorted = values(name).map(Number).toSorted();
    filters.push([{ numeric: name, atLeast: sorted[sorted.length >> 1] ?? 0 }]);
  }
  return filters;
}

function scan(rows: readonly StoredRow[], vector: Float32Array, conditions: readonly Condition[]): Neighbour[] {
  return rows
    .filter(({ attributes }) => conditions.every((condition) => passes(attributes, condition)))
    .map((row) => ({ key: row.key, similarity: cosineSimilarity(vector, row.vector) }))
    .sort((a, b) => b.similarity - a.similarity || a.key - b.key)
    .slice(0, TOP_K);
}

function passes(attributes: StoredRow['attributes'], condition: Condition): boolean {
  if ('keyword' in condition) return condition.oneOf.includes(String(attributes.get(condition.keyword)));
  const value = Number(attributes.get(condition.numeric));
  return 'above' in condition ? value > condition.above : value >= condition.atLeast;
}

function storedRows(db: Database, { from, key, vector, model, keyword, numeric }: VectorSource): StoredRow[] {
  const names = [...Object.keys(keyword), ...Object.keys(numeric)];
  const columns = [...Object.values(keyword), ...Object.values(numeric)].map((expression) => `, ${expression}`);
  return db
    .prepare(
      `SELECT ${key}, ${vector} ${columns.join('')} FROM ${from}
       WHERE ${vector} IS NOT NULL AND ${model} = '${MODEL}' AND length(${vector}) = ${DIMENSIONS * 4}`,
    )
    .raw()
    .all()
    .map((row) => {
      const [rowKey, bytes, ...values] = Array.isArray(row) ? row : [];
      return {
        key: Number(rowKey),
        vector: (bytes instanceof Uint8Array ? decodeVector(bytes) : undefined) ?? new Float32Array(DIMENSIONS),
        attributes: new Map(names.map((name, i) => [name, values[i]])),
      };
    });
}
