import { migrateModule } from '../../src/public-calls/migrate.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(migrateModule);
