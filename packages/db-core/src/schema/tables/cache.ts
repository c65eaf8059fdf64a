import { counter, optionalName, optionalTimestamp, timestamp, wholeFloats } from './column-rules.ts';

/** The general-purpose cache: JSON values by key, with an optional end of life. */
export const cache = `
CREATE TABLE cache (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value)),
  embedding BLOB ${wholeFloats('embedding')},
  ${optionalName('embedding_model')},
  ${timestamp('created_at')},
  ${optionalTimestamp('expires_at')},
  ${counter('hits')},
  ${optionalName('category')}
) STRICT;
CREATE INDEX cache_expiry ON cache(expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX cache_category ON cache(category) WHERE category IS NOT NULL;
`;
