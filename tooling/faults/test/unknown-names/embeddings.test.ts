import { embeddingsModule } from '../../src/public-calls/embeddings.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(embeddingsModule);
