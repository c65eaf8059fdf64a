import { coreModule } from '../../src/public-calls/core.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(coreModule);
