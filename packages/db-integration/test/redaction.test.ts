import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AnalyticsRepository,
  CheckpointRepository,
  DatabaseIntegration,
  DatabaseMigration,
  getAnalyticsRepository,
  getDatabaseManager,
  getMemoryRepository,
  getSessionRepository,
  initializeDatabaseSystem,
  MemoryRepository,
  PersistentLearning,
  redactSecrets,
  resetDatabaseSystem,
  runMigration,
  SessionRepository,
} from '../src/index.ts';

const GONE = '[redacted: GitHub token]';

/** A token of its own for each door, so that one that was left open is known. */
const tokenOf = (door: string) => `ghp_${door.padEnd(36, 'x1Y2')}`;

/** Values that hold a token in every way that hid one before. */
const holding = (door: string) => ({
  plain: tokenOf(door),
  lines: `tokens:\n${tokenOf(door)}\tx`,
  [tokenOf(door)]: `TOKEN_${tokenOf(door)}`,
  output: JSON.stringify({ out: `line\n${tokenOf(door)}` }),
});

describe('where secrets are redacted', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = new TemporaryFolder();
    await initializeDatabaseSystem({ dbPath: folder.join('agent.db'), autoMigrate: false, redact: redactSecrets });
  });
  afterEach(() => {
    resetDatabaseSystem();
    folder[Symbol.dispose]();
  });

  /** The doors whose tokens are anywhere in the files, in texts, indexes and log. */
  const leaked = () => {
    const files = readdirSync(folder.path).filter((name) => name.startsWith('agent.db'));
    const bytes = files.map((name) => readFileSync(folder.join(name)).toString('latin1')).join('\n');
    return [...new Set(Array.from(bytes.matchAll(/ghp_([a-z]+)|ghp_/gi), ([found, door]) => door ?? found))];
  };

  it('a memory brings none into the file: created, changed, replaced, imported', () => {
    const memories = getMemoryRepository();
    const create = (door: string) =>
      memories.create({ type: 'fact', content: `is\n${tokenOf(door)}`, metadata: holding(door) });
    const { id, content, metadata } = create('create');
    expect(content).toBe(`is\n${GONE}`);
    expect(metadata).toEqual({
      plain: GONE,
      lines: `tokens:\n${GONE}\tx`,
      [GONE]: `TOKEN_${GONE}`,
      output: JSON.stringify({ out: `line\n${GONE}` }),
    });
    // What says the same but for its secret is the same memory.
    expect(create('again').id).toBe(id);
    memories.update(id, { content: tokenOf('update'), metadata: holding('update') });
    memories.supersede(id, { type: 'fact', content: tokenOf('supersede'), metadata: holding('supersede') });
    memories.bulkCreate([{ type: 'fact', content: `bulk ${tokenOf('bulk')}` }]);
    const at = '2026-01-01T00:00:00.000Z';
    const record = { ...memories.create({ type: 'fact', content: 'a record' }), created_at: at, last_accessed: at };
    memories.importMemories([
      { ...record, id: 'other', content: `import ${tokenOf('import')}`, metadata: holding('import') },
    ]);
    expect(memories.search('import')).toHaveLength(1);
    expect(leaked()).toEqual([]);
  });

  it('a session brings none into the file: created, forked, imported', () => {
    const sessions = getSessionRepository();
    const create = (door: string) => sessions.createSession({ name: `with ${tokenOf(door)}`, metadata: holding(door) });
    const created = create('create');
    expect(created.name).toBe(`with ${GONE}`);
    sessions.forkSession(created.id, { name: tokenOf('fork') });
    const exported = sessions.exportSession(created.id);
    const session = { ...created, id: 'imported', name: tokenOf('import'), metadata: holding('import') };
    const message = {
      role: 'user' as const,
      content: tokenOf('import'),
      tool_calls: [holding('import')],
      tool_call_id: tokenOf('import'),
      tokens: 0,
      created_at: '2026-01-01T00:00:00.000Z',
      metadata: holding('import'),
    };
    sessions.importSession({ ...exported, session, messages: [message] });
    sessions.importTranscripts([{ session: { ...session, id: 'transcript' }, messages: [message] }]);
    expect(sessions.readTranscript('transcript')?.messages[0]).toMatchObject({ content: GONE, tool_call_id: GONE });
    expect(leaked()).toEqual([]);
  });

  it('a message brings none into the file: its content, its tool calls, its metadata', () => {
    const sessions = getSessionRepository();
    const { id } = sessions.createSession();
    const message = (door: string) => ({
      session_id: id,
      role: 'tool' as const,
      content: JSON.stringify({ out: `line\n${tokenOf(door)}` }),
      tool_calls: [{ name: 'write', arguments: JSON.stringify(holding(door)), input: holding(door) }],
      tool_call_id: tokenOf(door),
      metadata: holding(door),
    });
    const stored = sessions.addMessage({ ...message('message'), operation_id: 'once' });
    expect(stored).toMatchObject({ content: JSON.stringify({ out: `line\n${GONE}` }), tool_call_id: GONE });
    // Made again, the same call finds what it stored.
    expect(sessions.addMessage({ ...message('message'), operation_id: 'once' }).id).toBe(stored.id);
    sessions.addMessages([message('messages')]);
    expect(leaked()).toEqual([]);
  });

  it('a message with a header of a private key is stored whole', () => {
    const sessions = getSessionRepository();
    const { id } = sessions.createSession();
    const header = ['-----BEGIN PRIVATE', ' KEY-----'].join('');
    const content = `The file must begin with ${header} . ${'Then follow the instructions word by word. '.repeat(500)}`;
    const message = {
      session_id: id,
      role: 'user' as const,
      content,
      tool_calls: [{ text: header }],
      metadata: { header },
    };
    expect(sessions.addMessage(message)).toMatchObject({
      content,
      tool_calls: [{ text: header }],
      metadata: { header },
    });
  });

  it('a checkpoint brings none into the file by its description and its metadata', () => {
    const checkpoints = new CheckpointRepository(getDatabaseManager().getDatabase());
    const content = Buffer.from('plain');
    const files = [{ file_path: '.env', content }];
    const metadata = holding('checkpoint');
    checkpoints.create({ project_id: 'p', description: tokenOf('checkpoint'), metadata, files });
    expect(leaked()).toEqual([]);
  });

  it('what is learned brings none into the file: messages, fixes, conventions', () => {
    const learning = new PersistentLearning();
    const fix = { strategy: 'rotate', success: true, attempts: 1, fixCode: `key\n${tokenOf('fix')}` };
    const attempt = { errorMessage: `bad token ${tokenOf('error')} here`, errorType: 'test' as const, ...fix };
    learning.recordRepairAttempt(attempt);
    expect(learning.getBestRepairStrategies(attempt.errorMessage)[0]?.examples).toEqual([`key\n${GONE}`]);
    const details = { example: holding('example') };
    getAnalyticsRepository().recordRepairAttempt('p', 'lint', 's', true, 1, details);
    const seen = { projectId: 'p', category: 'style' as const, pattern: 'x' };
    learning.recordConvention({ ...seen, description: tokenOf('description'), example: tokenOf('convention') });
    expect(leaked()).toEqual([]);
  });

  it('an import brings none into the file, and stores every entry as it was read but for that', async () => {
    mkdirSync(folder.join('home', 'sessions'), { recursive: true });
    const write = (name: string, content: unknown) => writeFileSync(folder.join('home', name), JSON.stringify(content));
    write('memories.json', [
      { id: 'm', content: `Old ${tokenOf('memory')}`, tags: [tokenOf('tag')], metadata: holding('metadata') },
    ]);
    write('sessions/s.json', {
      id: 's',
      name: tokenOf('name'),
      messages: [
        { role: 'user', content: tokenOf('content'), toolCalls: [holding('calls')], toolCallId: tokenOf('call') },
      ],
    });
    // The repositories know what their connection redacts; whoever makes an import does not have to.
    const db = getDatabaseManager().getDatabase();
    const targets = { memories: new MemoryRepository(db), sessions: new SessionRepository(db) };
    const options = { home: folder.join('home'), deleteAfterMigration: true };
    const dry = await new DatabaseMigration(targets, { ...options, dryRun: true }).migrate();
    const result = await new DatabaseMigration(targets, options).migrate();
    expect([dry.migratedItems, dry.errors]).toEqual([result.migratedItems, result.errors]);
    expect(result).toMatchObject({ success: true, migratedItems: { memories: 1, sessions: 1 }, messages: 1 });
    expect(readdirSync(folder.join('home'))).toContain('memories.json.migrated');
    expect((await runMigration({ home: folder.join('home') })).success).toBe(true);
    expect(leaked()).toEqual([]);
  });

  it('the facade brings none into the file, nor to the model that makes vectors', async () => {
    const sent: string[] = [];
    const embeddingProvider = async (texts: string[]) => {
      sent.push(...texts);
      return texts.map(() => [1, 0]);
    };
    const integration = new DatabaseIntegration({ embeddingProvider, autoMigrate: false });
    await integration.addMemory(`Deploy with ${tokenOf('memory')}`, {
      generateEmbedding: true,
      metadata: holding('metadata'),
    });
    const [found] = await integration.searchMemories(`who has ${tokenOf('query')}?`, { semantic: true });
    expect(found?.memory.content).toBe(`Deploy with ${GONE}`);
    const session = integration.createSession({ name: tokenOf('session') });
    integration.addMessage(session.id, 'user', tokenOf('message'), { toolCalls: [holding('calls')] });
    expect(sent).toEqual([`Deploy with ${GONE}`, `who has ${GONE}?`]);
    expect(leaked()).toEqual([]);
  });

  it('code is left alone, unless the facade is asked to redact it as well', async () => {
    const sent: string[] = [];
    const embeddingProvider = async (texts: string[]) => {
      sent.push(...texts);
      return texts.map(() => [1, 0]);
    };
    const text = `line 1\nconst token = '${tokenOf('code')}';\nline 3`;
    const plain = await new DatabaseIntegration({ embeddingProvider }).indexCodeChunk('p', 'a.ts', 0, text);
    expect(plain.chunk_text).toBe(text);
    sent.length = 0;
    const integration = new DatabaseIntegration({ embeddingProvider, redactCode: redactSecrets });
    const stored = await integration.indexCodeChunk('p', 'a.ts', 0, text);
    expect(stored).toMatchObject({
      chunk_text: `line 1\nconst token = '${GONE}';\nline 3`,
      chunk_hash: plain.chunk_hash,
    });
    expect((await integration.searchCode(tokenOf('query'), 'p'))[0]?.chunkText).toBe(stored.chunk_text);
    expect(sent).toEqual([stored.chunk_text, GONE]);
  });

  it('identities stay: what is looked up is found', () => {
    const id = tokenOf('id');
    const memories = getMemoryRepository();
    memories.create({ id, type: 'fact', content: 'x', scope: 'project', project_id: tokenOf('project') });
    expect(memories.getById(id)?.project_id).toBe(tokenOf('project'));
    const sessions = getSessionRepository();
    sessions.createSession({ id, project_id: tokenOf('project') });
    const message = sessions.addMessage({
      session_id: id,
      role: 'user',
      content: 'x',
      operation_id: tokenOf('operation'),
    });
    expect(sessions.getMessages(id)).toEqual([message]);
    new AnalyticsRepository(getDatabaseManager().getDatabase()).recordToolUsage(tokenOf('tool'), true, 1);
    expect(getAnalyticsRepository().getToolStats()[0]?.tool_name).toBe(tokenOf('tool'));
  });
});
