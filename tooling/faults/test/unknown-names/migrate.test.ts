import { migrateModule } from '../../src/public-calls/migrate.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(migrateModule);
