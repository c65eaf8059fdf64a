import { writeSync } from 'node:fs';
import type { Trial } from '../writing-calls/trial.ts';

/** What a worker has been told is stored. */
export type Acknowledgement =
  | { readonly kind: 'ready' | 'done' }
  | {
      readonly kind: 'memory' | 'message' | 'cache' | 'transcript' | 'deleting-session' | 'deleted-session' | 'died';
      readonly id: string;
    }
  | { readonly kind: 'memories' | 'chunks'; readonly id: string; readonly count: number }
  | { readonly kind: 'request' }
  | { readonly kind: 'points'; readonly names: readonly string[] }
  | ({ readonly kind: 'trial'; readonly id: string } & Trial)
  | { readonly kind: 'file-calls'; readonly count: number }
  | { readonly kind: 'failed'; readonly code: string; readonly retryable: boolean };

/** Tells the parent at once: what is written to the pipe outlives this process. */
export function acknowledge(acknowledgement: Acknowledgement): void {
  writeSync(1, `${JSON.stringify(acknowledgement)}\n`);
}
