import { memoryModule } from '../../src/public-calls/memory.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(memoryModule);
