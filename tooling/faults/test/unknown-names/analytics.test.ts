import { analyticsModule } from '../../src/public-calls/analytics.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(analyticsModule);
