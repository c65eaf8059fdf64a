import type { Memory } from '@codebuddy/db-core';
import { hashContent } from '@codebuddy/db-core/internal';

/** Returns what is the same for two memories that say the same; a short hash, since there may be one for each of a million. */
export function identityOf({ user_id, scope, project_id, content }: Memory): string {
  return hashContent(Buffer.from(JSON.stringify([user_id ?? '', scope, project_id ?? '', content]))).slice(0, 24);
}
