import { counter, timestamp } from '../../table-kit/columns.ts';

/** The legacy files that were imported, so that one which has not changed since is not read again. */
export const imports = `
CREATE TABLE imported_files (
  path TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  modified_ms REAL NOT NULL,
  ${counter('entries')},
  ${counter('failed')},
  ${timestamp('imported_at')}
) STRICT;
`;
