// The end of the channel that a program has which start-process.ts or start-thread.ts started.
import { parentPort } from 'node:worker_threads';

/** Sends a message to who started this program. */
export function say(message: object): void {
  if (parentPort === null) process.send?.(message);
  else parentPort.postMessage(message);
}

/** Calls the listener with each message, and tells that this program listens. */
export function listen<Request>(listener: (request: Request) => void): void {
  (parentPort ?? process).on('message', listener);
  say({ kind: 'ready' });
}
