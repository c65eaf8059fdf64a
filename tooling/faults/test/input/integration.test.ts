import { integrationModule } from '../../src/public-calls/integration.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(integrationModule);
