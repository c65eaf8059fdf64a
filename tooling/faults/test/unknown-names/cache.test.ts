import { cacheModule } from '../../src/public-calls/cache.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(cacheModule);
