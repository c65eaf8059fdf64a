import { sessionsModule } from '../../src/public-calls/sessions.ts';
import { tryPublicModule } from '../../src/refusals.ts';

tryPublicModule(sessionsModule);
