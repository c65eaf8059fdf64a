// A server with several users. The database answers within a call, so a request holds the process as long as its SQL runs:
// milliseconds for what is done here. Long work belongs in a worker: see worker.ts.
//
//   node hono-server.ts 3000
//   curl -X POST localhost:3000/users/ada/messages -d '{"session":"s1","text":"Where is the changelog?"}'
//   curl 'localhost:3000/users/ada/search?q=changelog'
import {
  getSessionRepository,
  hasErrorCode,
  initializeDatabaseSystem,
  resetDatabaseSystem,
} from '@codebuddy/db-integration';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

await initializeDatabaseSystem({ dbPath: process.env['CODEBUDDY_DB_PATH'] ?? 'agent.db', autoMigrate: false });
const sessions = getSessionRepository();
const app = new Hono();
app.post('/users/:user/messages', async (context) => {
  const user = context.req.param('user');
  const { session, text } = await context.req.json();
  // A session belongs to one user: whoever asks for another's is told that there is none.
  const known = sessions.getSessionById(String(session)) ?? sessions.createSession({ id: session, project_id: user });
  if (known.project_id !== user) return context.json({ error: 'no such session' }, 404);
  return context.json(sessions.addMessage({ session_id: known.id, role: 'user', content: text }), 201);
});
app.get('/users/:user/search', (context) => {
  const found = sessions.searchMessages(context.req.query('q') ?? '', { projectId: context.req.param('user') });
  return context.json(found.map(({ message, snippet }) => ({ session: message.session_id, snippet })));
});
app.onError((error, context) => {
  if (hasErrorCode(error, 'DB_INVALID_INPUT')) return context.json({ error: error.message }, 400);
  // Another process writes at the moment: the client may try again.
  if (hasErrorCode(error, 'DB_BUSY')) return context.json({ error: error.message }, 503, { 'Retry-After': '1' });
  console.error(error);
  return context.json({ error: 'internal' }, 500);
});
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.argv[2] ?? 3000) }, ({ port }) =>
  console.log(`Listening on http://127.0.0.1:${port}`),
);
process.once('SIGTERM', () =>
  server.close(() => {
    resetDatabaseSystem();
  }),
);
