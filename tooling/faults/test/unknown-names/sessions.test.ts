import { sessionsModule } from '../../src/public-calls/sessions.ts';
import { tryUnknownNames } from '../../src/unknown-names.ts';

tryUnknownNames(sessionsModule);
