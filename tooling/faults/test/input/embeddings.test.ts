import { embeddingsModule } from '../../src/public-calls/embeddings.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(embeddingsModule);
