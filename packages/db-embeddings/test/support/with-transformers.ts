// A process of its own, in which `@huggingface/transformers` is a stand-in: the real one needs half a gigabyte and a model
// from the network. It answers in the shape of the real one.
import { registerHooks } from 'node:module';
import { EmbeddingProvider } from '../../src/index.ts';

const STAND_IN = `export async function pipeline(task, model) {
  if (model === 'missing') throw new Error('404');
  return async (texts, { pooling, normalize }) => ({
    tolist: () => texts.map((text) => [text.length, task === 'feature-extraction', pooling === 'mean', normalize].map(Number)),
  });
}`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@huggingface/transformers'
      ? { url: `data:text/javascript,${encodeURIComponent(STAND_IN)}`, shortCircuit: true }
      : next(specifier, context),
});

const [model = ''] = process.argv.slice(2);
const provider = new EmbeddingProvider({ provider: 'local', model });
const warnings: string[] = [];
provider.on('warning', ({ message }) => warnings.push(message));
const { embeddings, ...identity } = await provider.embedBatch(['four', 'sixsix']);
const vectors = embeddings.map((vector) => [...vector].slice(0, 4));
process.stdout.write(JSON.stringify({ ...identity, vectors, warnings }));
