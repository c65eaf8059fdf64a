// A chat of the AI SDK that goes on where it stopped: start it twice, and the second answer knows of the first question.
import { getSessionRepository, initializeDatabaseSystem, resetDatabaseSystem } from '@codebuddy/db-integration';
import { addUIMessage, getUIMessages } from '@codebuddy/db-sessions/ai-sdk';
import { convertToModelMessages, generateId, generateText, type UIMessage } from 'ai';
import { parrot } from './parrot.ts';

await initializeDatabaseSystem({ dbPath: process.env['CODEBUDDY_DB_PATH'] ?? 'agent.db', autoMigrate: false });
const sessions = getSessionRepository();
const chat = sessions.getSessionById('chat') ?? sessions.createSession({ id: 'chat', model: parrot.modelId });

say('user', process.argv[2] ?? 'Hello');
const { text } = await generateText({
  model: parrot,
  messages: await convertToModelMessages(getUIMessages(sessions, chat.id)),
});
say('assistant', text);
console.log(text);
resetDatabaseSystem();

function say(role: UIMessage['role'], words: string): void {
  addUIMessage(sessions, chat.id, { id: generateId(), role, parts: [{ type: 'text', text: words }] });
}
