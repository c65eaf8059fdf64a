import { analyticsModule } from '../../src/public-calls/analytics.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(analyticsModule);
