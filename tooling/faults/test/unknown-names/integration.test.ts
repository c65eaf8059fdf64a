import { integrationModule } from '../../src/public-calls/integration.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(integrationModule);
