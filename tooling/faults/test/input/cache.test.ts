import { cacheModule } from '../../src/public-calls/cache.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(cacheModule);
