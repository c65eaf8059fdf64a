/**
 * A description of where a table keeps its vectors. Its domain's SQL makes the log of changes to them,
 * `<name>_vector_changes`, the triggers that write it, and the row of `vector_folds`.
 */
export interface VectorSource {
  /** The table whose rows are searched. */
  readonly name: string;
  /** The table that has the vectors in its columns `embedding` and `embedding_model`, with an index on the latter. */
  readonly table: string;
  /** The SQL after `FROM`. */
  readonly from: string;
  /** The expression for a row's key, an integer. */
  readonly key: string;
  /** The expression for its vector, which may be NULL. */
  readonly vector: string;
  /** The expression for the model that made the vector. */
  readonly model: string;
  /** Attributes that conditions may ask for, and the expression for each: keywords, which may be NULL. */
  readonly keyword: Readonly<Record<string, string>>;
  /** The same, for numbers that are never NULL. */
  readonly numeric: Readonly<Record<string, string>>;
}
