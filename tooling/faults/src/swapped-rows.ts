/** A chunk of a file, whose text says which file it is of. */
export function chunkOf(file: string, index: number, round: number) {
  return {
    project_id: 'p',
    file_path: file,
    chunk_index: index,
    chunk_text: `${file} ${round}`,
    embedding: Float32Array.of(1, index / 100 + (round % 7) / 1_000),
    embedding_model: 'm',
  };
}
