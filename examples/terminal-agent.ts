// An agent in a terminal: each line is a question, answered with what it remembers. Start it again, and it still knows.
//
//   echo "Remember that we deploy on Fridays" | node terminal-agent.ts
//   echo "When do we deploy?" | node terminal-agent.ts
import { createInterface } from 'node:readline';
import { initializeDatabaseIntegration, resetDatabaseSystem } from '@codebuddy/db-integration';

const dbPath = process.env['CODEBUDDY_DB_PATH'] ?? 'agent.db';
const db = await initializeDatabaseIntegration({ dbPath, autoMigrate: false });
const project = process.cwd();
const session = db.createSession({ projectId: project, name: 'Terminal', model: 'parrot' });

for await (const question of createInterface({ input: process.stdin })) {
  const found = await db.searchMemories(question, { projectId: project, semantic: true, limit: 5 });
  const memories = found.filter(({ similarity = 1 }) => similarity > 0.2);
  db.addMessage(session.id, 'user', question);

  const start = performance.now();
  const { answer, tokensIn, tokensOut, cost } = await askModel(
    question,
    memories.map(({ memory }) => memory.content),
  );
  db.addMessage(session.id, 'assistant', answer, { tokens: tokensOut });
  db.updateSessionStats(session.id, { tokensIn, tokensOut, cost });

  const fact = /^remember that (.+)/i.exec(question)?.[1];
  if (fact !== undefined) {
    await db.addMemory(fact, { type: 'fact', scope: 'project', projectId: project });
    db.recordToolUsage('remember', true, performance.now() - start, false, project);
  }
  console.log(answer);
}

console.log(`Spent today: $${db.getCostSummary().daily.toFixed(6)}`);
resetDatabaseSystem();

/** Stands for a model: it repeats what it was given. Send the same to yours. */
async function askModel(question: string, context: readonly string[]) {
  const answer = context.length === 0 ? 'I know nothing about that yet.' : `I remember: ${context.join('; ')}`;
  const tokensIn = Math.ceil([...context, question].join(' ').length / 4);
  const tokensOut = Math.ceil(answer.length / 4);
  return { answer, tokensIn, tokensOut, cost: (tokensIn * 3 + tokensOut * 15) / 1e6 };
}
