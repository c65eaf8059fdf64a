// Makes every writing call on a database that was prepared for it, each until it is refused.
import { join } from 'node:path';
import { resetDatabaseSystem } from '@codebuddy/db-integration';
import { WRITING_CALLS } from '../writing-calls/index.ts';
import { keysFor, placesIn } from '../writing-calls/prepared-file.ts';
import { makeCalls, openStage } from '../writing-calls/trial.ts';
import { acknowledge } from './acknowledge.ts';

const [folder = '', count = '0'] = process.argv.slice(2);
acknowledge({ kind: 'ready' });
for (const [index, [name, call]] of Object.entries(WRITING_CALLS).entries()) {
  const { path, files } = placesIn(join(folder, String(index)));
  const trial = await makeCalls(call, await openStage(files, { dbPath: path }), keysFor(call, Number(count)));
  resetDatabaseSystem();
  acknowledge({ kind: 'trial', id: name, ...trial });
}
acknowledge({ kind: 'done' });
