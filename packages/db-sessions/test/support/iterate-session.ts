// A process of its own, with less heap than the session's messages take: it reads them all and counts them.
import { DatabaseManager } from '@codebuddy/db-core';
import { SessionRepository } from '../../src/index.ts';

const [path = '', sessionId = ''] = process.argv.slice(2);
const manager = new DatabaseManager({ dbPath: path });
await manager.initialize();
let characters = 0;
for (const message of new SessionRepository(manager.getDatabase()).iterateMessages(sessionId)) {
  characters += message.content?.length ?? 0;
}
manager.close();
process.stdout.write(String(characters));
