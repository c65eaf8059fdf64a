import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RepositoryCall } from './repositories.ts';

/** A call that another process makes. */
export interface RemoteCall extends RepositoryCall {
  readonly database: string;
  /** What the clock of that process shows, in milliseconds since 1970-01-01 UTC. */
  readonly now: number;
  /** Where in the call the process kills itself with SIGKILL. */
  readonly dies?: 'after it' | 'before it commits' | undefined;
}

/** What a call came to in the other process. */
export interface RemoteAnswer {
  readonly outcome: unknown;
}

interface Running {
  readonly child: ChildProcess;
  readonly exit: Promise<void>;
}

const WORKER = fileURLToPath(new URL('../workers/answer-calls.ts', import.meta.url));

/** A process that has the same database open and makes calls when it is asked to. It is started anew after its death. */
export class SecondProcess {
  /** How many calls it made. */
  calls = 0;
  /** How often it was killed. */
  deaths = 0;
  #running: Running | undefined;

  async call(request: RemoteCall): Promise<unknown> {
    this.#running ??= start();
    const { child, exit } = this.#running;
    const answer = new Promise<RemoteAnswer>((resolve) => child.once('message', resolve));
    child.send(request);
    const first = await Promise.race([answer, exit]);
    if (first === undefined) throw new Error(`The second process ended in ${request.repository}.${request.call}`);
    this.calls++;
    if (request.dies !== undefined) {
      await exit;
      this.deaths++;
      this.#running = undefined;
    }
    return first.outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running?.child.kill('SIGKILL');
    await this.#running?.exit;
    this.#running = undefined;
  }
}

function start(): Running {
  const child = fork(WORKER, { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] });
  return { child, exit: once(child, 'exit').then(() => undefined) };
}
