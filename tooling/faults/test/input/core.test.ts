import { coreModule } from '../../src/public-calls/core.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(coreModule);
