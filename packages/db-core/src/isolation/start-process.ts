import type { ChildProcess } from 'node:child_process';
import { isError } from '../errors/is-error.ts';
import { callerPlace } from './caller-place.ts';
import { endWithStarter } from './end-with-starter.ts';
import { type Isolate, Messages, type Program, scriptOf } from './isolate.ts';

import { resolveInstalled } from './resolve.ts';

/** Set in every process that is started here: none of them starts another one. */
const STARTED = 'CODEBUDDY_STARTED_PROCESS';

/** A program that has not listened after this time, in milliseconds, is not the one that was to be started. */
const PATIENCE_MS = 30_000;

/** Whether a process was started and did something else than what it was given. */
let startsSomethingElse = false;

/**
 * Runs a program in a process of its own.
 *
 * @returns `undefined` if none can be started: the file that runs this process is a program of its own and no runtime that
 *   takes a script, or the system or the runtime refuses
 */
export async function startProcess(program: Program): Promise<Isolate | undefined> {
  if (!canRunScripts()) return undefined;
  // Loaded when it is first needed: a program that only searches should not wait for it.
  const { spawn } = await import('node:child_process');
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [...program.execArgv, ...packageLoader(), '-'], {
      serialization: 'advanced',
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
      // Electron, and a program compiled by Bun, run scripts if they are told to. Nothing else of ours is for the program to see.
      env: { [STARTED]: '1', ELECTRON_RUN_AS_NODE: '1', BUN_BE_BUN: '1' },
    });
  } catch (error) {
    // Under a permission model, as those of Node.js and Deno are.
    if (isError(error)) return undefined;
    throw error;
  }
  const messages = new Messages(child);
  // A process that ends before it has read its code is noticed by its end.
  child.stdin?.on('error', () => messages.end());
  child.stdin?.end(endWithStarter(process.pid) + scriptOf(program));
  const timer = setTimeout(() => messages.end(), PATIENCE_MS);
  const first = await messages.next();
  clearTimeout(timer);
  const stop = () => void child.kill('SIGKILL');
  if (first === undefined) {
    // One that the system refused, or killed for want of memory, may start the next time.
    startsSomethingElse ||= child.pid !== undefined && child.signalCode === null;
    stop();
    return undefined;
  }
  const send = (message: object) => void child.send(message, () => undefined);
  return { kind: 'process', send, next: () => messages.next(), stop };
}

/** Returns whether the file that runs this process takes a script as well. */
function canRunScripts(): boolean {
  if (startsSomethingElse || process.env[STARTED] !== undefined || 'pkg' in process) return false;
  if (process.getBuiltinModule('node:sea')?.isSea() === true) return false;
  const deno: unknown = Reflect.get(globalThis, 'Deno');
  return deno === undefined || Reflect.get(Object(Reflect.get(Object(deno), 'build')), 'standalone') !== true;
}

/** Yarn's Plug'n'Play replaces how packages are found, in each process anew. */
function packageLoader(): readonly string[] {
  const loader = 'pnp' in process.versions ? resolveInstalled('pnpapi', callerPlace()) : undefined;
  return loader === undefined ? [] : ['--require', loader];
}
