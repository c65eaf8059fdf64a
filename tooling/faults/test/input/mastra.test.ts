import { mastraModule } from '../../src/public-calls/mastra.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(mastraModule);
