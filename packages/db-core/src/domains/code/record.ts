/** One chunk of a source file, with its vector. */
export interface CodeEmbedding {
  id: number;
  project_id: string;
  /** Relative to the project folder. */
  file_path: string;
  chunk_index: number;
  chunk_text: string;
  chunk_hash: string;
  embedding: Float32Array;
  /** The model that made the embedding; only vectors of one model are compared. */
  embedding_model?: string;
  symbol_type?: string;
  symbol_name?: string;
  start_line?: number;
  end_line?: number;
  language?: string;
  created_at: string;
  updated_at: string;
}
