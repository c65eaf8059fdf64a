import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const VERDACCIO = join(dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')), 'bin', 'verdaccio');

/** An npm registry on this machine, empty at first, that reaches no other one. */
export interface LocalRegistry extends AsyncDisposable {
  readonly url: string;
  /** Publishes as somebody who may. */
  readonly token: string;
}

/** Returns what a registry says of a package. */
export async function describePackage({ url }: LocalRegistry, name: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${name}`, { headers: ONCE });
  return Object(await response.json());
}

/** Lists the files in the tarball of a package's newest version. */
export async function filesOf(registry: LocalRegistry, name: string): Promise<string[]> {
  const { versions } = await describePackage(registry, name);
  const newest = Object.values(Object(versions)).at(-1);
  const { dist } = Object(newest);
  const response = await fetch(String(Object(dist)['tarball']), { headers: ONCE });
  const tarball = Buffer.from(await response.arrayBuffer());
  return execFileSync('tar', ['-tz'], { input: tarball, encoding: 'utf8' }).trim().split('\n');
}

/** The registry closes a connection that is idle, which this process does not notice while it waits for another one. */
const ONCE = { connection: 'close' };

/** Starts a registry that keeps its packages in a folder. */
export async function startRegistry(folder: string): Promise<LocalRegistry> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  writeFileSync(
    join(folder, 'config.yaml'),
    JSON.stringify({
      storage: join(folder, 'storage'),
      auth: { htpasswd: { file: join(folder, 'htpasswd') } },
      uplinks: {},
      packages: { '**': { access: '$all', publish: '$authenticated' } },
      log: { type: 'stdout', level: 'warn' },
    }),
  );
  const args = [VERDACCIO, '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
  const server = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  const stop = async () => {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  };
  try {
    await untilItAnswers(url);
    return { url, token: await addUser(url), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('The server listens on no port');
  return address.port;
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      if ((await fetch(`${url}-/ping`, { headers: ONCE })).ok) return;
    } catch (error) {
      // Refused while it starts: anything else is thrown on.
      if (!(error instanceof TypeError)) throw error;
    }
    await delay(100);
  }
  throw new Error('The local registry did not start within 30 seconds');
}

async function addUser(url: string): Promise<string> {
  const response = await fetch(`${url}-/user/org.couchdb.user:release`, {
    method: 'PUT',
    headers: { ...ONCE, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'release', password: 'only-on-this-machine' }),
  });
  const { token } = Object(await response.json());
  if (typeof token !== 'string') throw new Error(`The local registry made no user: ${response.status}`);
  return token;
}
