import type { Worker } from 'node:worker_threads';
import { isError } from '../errors/is-error.ts';
import { type Isolate, Messages, type Program, scriptOf } from './isolate.ts';

/**
 * Runs a program in a thread of this process.
 *
 * @returns `undefined` if the runtime refuses
 */
export async function startThread(program: Program): Promise<Isolate | undefined> {
  const threads = await import('node:worker_threads');
  const options = { eval: true, env: {}, resourceLimits: { maxOldGenerationSizeMb: 256 } };
  let worker: Worker;
  try {
    worker = new threads.Worker(scriptOf(program), options);
  } catch (error) {
    // Under a permission model, as that of Node.js is.
    if (isError(error)) return undefined;
    throw error;
  }
  // The program ends when it wants to, whatever its thread still does.
  worker.unref();
  const messages = new Messages(worker);
  if ((await messages.next()) === undefined) return undefined;
  const send = (message: object) => worker.postMessage(message);
  return { kind: 'thread', send, next: () => messages.next(), stop: () => void worker.terminate() };
}
