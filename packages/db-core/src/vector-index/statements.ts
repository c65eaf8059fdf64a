import { MAX_DIMENSIONS } from '../codecs/vectors.ts';
import type { Database } from '../connection/driver.ts';
import { contextOf } from '../sql/connection-context.ts';
import type { VectorSource } from '../table-kit/vector-source.ts';
import { BLOCK_BITS } from './block-format.ts';

/** Prepares every statement that the index of one source needs. */
export function prepareVectorStatements(db: Database, source: VectorSource) {
  const { name, from, key, vector, model } = source;
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `vectors.${operation}`);
  const attributes = [...Object.values(source.keyword), ...Object.values(source.numeric)]
    .map((expression, index) => `, ${expression} AS a${index}`)
    .join('');
  const row = `${key} AS key, ${vector} AS vector${attributes}`;
  const log = `${name}_vector_changes`;
  const isComparable = `${vector} IS NOT NULL AND ${model} IS NOT NULL AND length(${vector}) <= ${MAX_DIMENSIONS * 4}`;
  const ofSpace = `${vector} IS NOT NULL AND +${model} = @model AND length(${vector}) = @bytes`;
  return {
    head: prepare(
      'head',
      `SELECT ifnull((SELECT max(position) FROM ${log}), 0) AS newest, folded, trimmed
       FROM vector_folds WHERE source = '${name}'`,
    ),
    // A loose index scan: one step a model, however many rows it has.
    models: prepare(
      'models',
      `WITH RECURSIVE models(model) AS (
         SELECT min(embedding_model) FROM ${source.table} WHERE embedding IS NOT NULL
         UNION ALL
         SELECT (SELECT min(embedding_model) FROM ${source.table}
                 WHERE embedding IS NOT NULL AND embedding_model > models.model)
         FROM models WHERE model IS NOT NULL
       )
       SELECT model FROM models WHERE model IS NOT NULL`,
    ),
    hasVectors: prepare(
      'models',
      `SELECT 1 FROM ${source.table}
       WHERE embedding IS NOT NULL AND embedding_model = @model AND length(embedding) = @bytes LIMIT 1`,
    ),
    epoch: prepare('head', `SELECT tag FROM ${log} WHERE position = @position`),
    changedKeys: prepare('changes', `SELECT DISTINCT key FROM ${log} WHERE position > @after ORDER BY key`),
    rowsByKey: prepare(
      'changes',
      `SELECT ${row} FROM ${from} WHERE ${key} IN (SELECT value FROM json_each(@keys)) AND ${ofSpace}`,
    ),
    keysOfSpace: prepare('load', `SELECT ${key} AS key FROM ${from} WHERE ${ofSpace}`),
    vectorsByKey: prepare(
      'rescore',
      `SELECT ${key} AS key, ${vector} AS vector FROM ${from} WHERE ${key} IN (SELECT value FROM json_each(@keys))`,
    ),

    space: prepare(
      'space',
      `SELECT id, format, centre FROM vector_spaces
       WHERE source = '${name}' AND model = @model AND dimensions = @dimensions`,
    ),
    countRows: prepare(
      'space',
      `SELECT ifnull(sum(row_count), 0) AS count FROM vector_blocks WHERE space_id = @space AND part = 'rows'`,
    ),
    blocks: prepare(
      'load',
      `SELECT block, part, data FROM vector_blocks
       WHERE space_id = @space AND block BETWEEN @first AND @last
         AND part IN (SELECT value FROM json_each(@parts)) ORDER BY block, part`,
    ),
    blockNumbers: prepare(
      'load',
      "SELECT block FROM vector_blocks WHERE space_id = @space AND part = 'rows' ORDER BY block",
    ),

    spaces: prepare(
      'compact',
      `SELECT id, model, dimensions, format, centre, centre_rows FROM vector_spaces WHERE source = '${name}'`,
    ),
    changedBlocks: prepare(
      'compact',
      `SELECT DISTINCT key >> ${BLOCK_BITS} AS block FROM ${log} WHERE position > @after ORDER BY block`,
    ),
    allBlocks: prepare(
      'rebuild',
      `SELECT DISTINCT ${key} >> ${BLOCK_BITS} AS block FROM ${from} WHERE ${isComparable} ORDER BY block`,
    ),
    blockVectors: prepare(
      'compact',
      `SELECT ${model} AS model, ${row} FROM ${from}
       WHERE ${isComparable} AND ${key} BETWEEN @first AND @last ORDER BY ${key}`,
    ),
    sample: prepare('compact', `SELECT ${vector} AS vector FROM ${from} WHERE ${ofSpace} LIMIT @limit`),
    insertSpace: prepare(
      'compact',
      `INSERT INTO vector_spaces (source, model, dimensions, format, centre, centre_rows)
       VALUES ('${name}', @model, @dimensions, @format, @centroid, @centroidRows) RETURNING id`,
    ),
    deleteSpaces: prepare('rebuild', `DELETE FROM vector_spaces WHERE source = '${name}'`),
    setCentroid: prepare(
      'compact',
      'UPDATE vector_spaces SET centre = @centroid, centre_rows = @centroidRows WHERE id = @space',
    ),
    insertPart: prepare(
      'compact',
      `INSERT INTO vector_blocks (space_id, block, part, row_count, data)
       VALUES (@space, @block, @part, @rows, @data)`,
    ),
    deleteBlock: prepare('compact', 'DELETE FROM vector_blocks WHERE space_id = @space AND block = @block'),
    advance: prepare(
      'compact',
      `UPDATE vector_folds SET folded = @compactedThrough, trimmed = max(trimmed, @trimmed) WHERE source = '${name}'`,
    ),
    trim: prepare('compact', `DELETE FROM ${log} WHERE position <= @trimmed`),
  };
}

/** The statements on one source's index, prepared for one connection. */
export type VectorStatements = ReturnType<typeof prepareVectorStatements>;
