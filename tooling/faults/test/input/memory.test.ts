import { memoryModule } from '../../src/public-calls/memory.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(memoryModule);
