import type { Violation } from '../source-file.ts';

const USES = /^\s*(?:- )?uses:\s*(\S+)/;
const PINNED = /@[0-9a-f]{40}$/;

/**
 * Refuses actions of others that are not pinned to one commit, since a tag can be moved to other code, and rights to write that
 * a whole workflow has instead of one job.
 */
export function checkWorkflow(path: string, text: string): Violation[] {
  const lines = text.split('\n');
  const jobs = lines.indexOf('jobs:');
  return lines.flatMap((content, i) => {
    const line = i + 1;
    const action = USES.exec(content)?.[1] ?? './';
    if (!action.startsWith('./') && !PINNED.test(action)) {
      return [{ path, line, message: 'uses an action by a name that can be moved; pin it to the hash of a commit' }];
    }
    return i < jobs && /:\s*write\b/.test(content)
      ? [{ path, line, message: 'gives every job a right to write; give it to the job that needs it' }]
      : [];
  });
}
