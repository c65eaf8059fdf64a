import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const pathOf = (program: string) => fileURLToPath(new URL(`../${program}.ts`, import.meta.url));

describe('the example programs', () => {
  let folder: TemporaryFolder;
  const options = () => ({
    cwd: folder.path,
    env: { ...process.env, CODEBUDDY_DB_PATH: folder.join('agent.db') },
    encoding: 'utf8' as const,
  });
  const run = (program: string, input: string, ...args: string[]) =>
    execFileSync(process.execPath, [pathOf(program), ...args], { ...options(), input });
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  it('terminal agent: remembers in one process and recalls in another', () => {
    expect(run('terminal-agent', 'When do we deploy?\nRemember that we deploy on Fridays\n')).toContain(
      'I know nothing about that yet.',
    );
    const answer = run('terminal-agent', 'When do we deploy?\n');
    expect(answer).toContain('I remember: we deploy on Fridays');
    expect(answer).toMatch(/Spent today: \$0\.000[1-9]/);
  });

  it('server: keeps users apart, answers bad requests, and closes the database when it is stopped', async () => {
    const server = spawn(process.execPath, [pathOf('hono-server'), '0'], options());
    const [listening] = await once(server.stdout, 'data');
    const url = String(listening).trim().replace('Listening on ', '');
    const post = (user: string, body: object) =>
      fetch(`${url}/users/${user}/messages`, { method: 'POST', body: JSON.stringify(body) });
    const search = async (user: string) => (await fetch(`${url}/users/${user}/search?q=changelog`)).json();

    expect((await post('ada', { session: 's1', text: 'Where is the changelog?' })).status).toBe(201);
    expect((await post('eve', { session: 's1', text: 'Mine now' })).status).toBe(404);
    expect((await post('ada', { session: 's1', text: 5 })).status).toBe(400);
    expect([await search('ada'), await search('eve')]).toEqual([[expect.objectContaining({ session: 's1' })], []]);
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });

  it('worker: answers every question of the main thread', () => {
    expect(run('worker', '')).toContain("[ [ 'Worker threads have connections of their own' ], [] ]");
  });

  it('AI SDK: a chat goes on where it stopped', () => {
    expect(run('ai-sdk', '', 'Hello')).toContain('1 messages');
    expect(run('ai-sdk', '', 'And now?')).toContain('3 messages');
  });
});
