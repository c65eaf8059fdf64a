import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LexicalEmbedder } from '@codebuddy/db-embeddings';
import { type VectorSet, vectorSet } from '@codebuddy/vector-sets';

const LINES = 10;

/** Makes vectors of real code, a few lines each, with the lexical embedder. */
export async function lexical(folder: string, limit: number): Promise<VectorSet> {
  const texts = new Set<string>();
  for (const path of sources(folder)) {
    const lines = readFileSync(path, 'utf8').split('\n');
    for (let at = 0; at < lines.length && texts.size < limit; at += LINES) {
      const text = lines.slice(at, at + LINES).join('\n');
      if (text.length > 80 && text.length < 6_000) texts.add(text);
    }
  }
  const embedder = new LexicalEmbedder();
  const { dimensions } = embedder;
  const values = new Float32Array(texts.size * dimensions);
  let row = 0;
  for (const text of texts) {
    const { embeddings } = await embedder.embed([text]);
    values.set(embeddings[0] ?? new Float32Array(), dimensions * row++);
  }
  return vectorSet(values, dimensions);
}

function* sources(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.isFile() && /\.(ts|js|mjs|cjs)$/.test(entry.name) && !/\.min\./.test(entry.name)) yield path;
  }
}
