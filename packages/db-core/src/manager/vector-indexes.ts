import type { Database } from '../connection/driver.ts';
import { DOMAINS } from '../domains/index.ts';
import { vectorIndexOf } from '../vector-index/vector-index.ts';

/** Makes everything anew that is derived from vectors, table by table. */
export function rebuildVectorIndexes(db: Database): void {
  for (const { vectors } of DOMAINS) if (vectors !== undefined) vectorIndexOf(db, vectors).rebuild();
}
