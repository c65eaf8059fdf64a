import type { Database } from '../connection/driver.ts';
import { PreparedStatement } from '../sql/prepared-statement.ts';
import type { VectorSource } from './vector-source.ts';

/** Rows whose keys differ in the last 10 bits alone share a block. */
export const BLOCK_BITS = 10;

/** Prepares every statement that the index of one source needs. */
export function prepareVectorStatements(db: Database, source: VectorSource) {
  const { name, from, key, vector, model } = source;
  const prepare = (operation: string, sql: string) => new PreparedStatement(db, sql, `vectors.${operation}`);
  const attributes = [...Object.values(source.words), ...Object.values(source.numbers)]
    .map((expression, index) => `, ${expression} AS a${index}`)
    .join('');
  const row = `${key} AS key, ${vector} AS vector${attributes}`;
  const log = `${name}_vector_changes`;
  const isComparable = `${vector} IS NOT NULL AND ${model} IS NOT NULL`;
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
    tag: prepare('head', `SELECT tag FROM ${log} WHERE position = @position`),
    changedKeys: prepare('changes', `SELECT DISTINCT key FROM ${log} WHERE position > @after ORDER BY key`),
    rowsByKey: prepare(
      'changes',
      `SELECT ${row} FROM ${from} WHERE ${key} IN (SELECT value FROM json_each(@keys)) AND ${ofSpace}`,
    ),
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
      'fold',
      `SELECT id, model, dimensions, format, centre, centre_rows FROM vector_spaces WHERE source = '${name}'`,
    ),
    changedBlocks: prepare(
      'fold',
      `SELECT DISTINCT key >> ${BLOCK_BITS} AS block FROM ${log} WHERE position > @after ORDER BY block`,
    ),
    allBlocks: prepare(
      'rebuild',
      `SELECT DISTINCT ${key} >> ${BLOCK_BITS} AS block FROM ${from} WHERE ${isComparable} ORDER BY block`,
    ),
    blockVectors: prepare(
      'fold',
      `SELECT ${model} AS model, ${row} FROM ${from}
       WHERE ${isComparable} AND ${key} BETWEEN @first AND @last ORDER BY ${key}`,
    ),
    sample: prepare('fold', `SELECT ${vector} AS vector FROM ${from} WHERE ${ofSpace} LIMIT @limit`),
    insertSpace: prepare(
      'fold',
      `INSERT INTO vector_spaces (source, model, dimensions, format, centre, centre_rows)
       VALUES ('${name}', @model, @dimensions, @format, @centre, @centreRows) RETURNING id`,
    ),
    deleteSpaces: prepare('rebuild', `DELETE FROM vector_spaces WHERE source = '${name}'`),
    recentre: prepare('fold', 'UPDATE vector_spaces SET centre = @centre, centre_rows = @centreRows WHERE id = @space'),
    insertPart: prepare(
      'fold',
      `INSERT INTO vector_blocks (space_id, block, part, row_count, data)
       VALUES (@space, @block, @part, @rows, @data)`,
    ),
    deleteBlock: prepare('fold', 'DELETE FROM vector_blocks WHERE space_id = @space AND block = @block'),
    advance: prepare(
      'fold',
      `UPDATE vector_folds SET folded = @folded, trimmed = max(trimmed, @trimmed) WHERE source = '${name}'`,
    ),
    trim: prepare('fold', `DELETE FROM ${log} WHERE position <= @trimmed`),
  };
}

/** The statements on one source's index, prepared for one connection. */
export type VectorStatements = ReturnType<typeof prepareVectorStatements>;
