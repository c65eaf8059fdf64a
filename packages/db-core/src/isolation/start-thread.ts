import { type Isolate, Messages, type Program } from './isolate.ts';

/** Runs a program in a thread of this process. */
export async function startThread({ code }: Program): Promise<Isolate | undefined> {
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(code, { eval: true, env: {}, resourceLimits: { maxOldGenerationSizeMb: 256 } });
  // The program ends when it wants to, whatever its thread still does.
  worker.unref();
  const messages = new Messages(worker);
  if ((await messages.next()) === undefined) return undefined;
  const send = (message: object) => worker.postMessage(message);
  return { kind: 'thread', send, next: () => messages.next(), stop: () => void worker.terminate() };
}
