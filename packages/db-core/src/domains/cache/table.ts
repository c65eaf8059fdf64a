import { counter, optionalName, optionalTimestamp, timestamp, wholeFloats } from '../../table-kit/columns.ts';
import { vectorChanges } from '../../table-kit/vector-log.ts';

/**
 * The general-purpose cache: JSON values by key, with an optional end of life. A value of NULL stands for `undefined`,
 * which JSON has no word for. Triggers keep the totals, so that a bound is checked without reading the table.
 */
export const cache = `
CREATE TABLE cache (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  value TEXT CHECK (json_valid(value)),
  embedding BLOB ${wholeFloats('embedding')},
  ${optionalName('embedding_model')},
  ${timestamp('created_at')},
  ${optionalTimestamp('expires_at')},
  ${optionalTimestamp('stale_until')},
  ${timestamp('last_used')},
  ${counter('hits')},
  ${optionalName('category')},
  size INTEGER GENERATED ALWAYS AS (
    octet_length(key) + ifnull(octet_length(value), 0) + ifnull(octet_length(embedding), 0)
  ) STORED
) STRICT;
CREATE INDEX cache_expiry ON cache(expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX cache_category ON cache(category) WHERE category IS NOT NULL;
CREATE INDEX cache_recency ON cache(last_used);
CREATE INDEX cache_vectors ON cache(embedding_model) WHERE embedding IS NOT NULL;
${vectorChanges({ table: 'cache', key: 'id', attributes: ['category', 'expires_at'] })}

CREATE TABLE cache_tags (
  tag TEXT NOT NULL CHECK (tag <> ''),
  key TEXT NOT NULL REFERENCES cache(key) ON DELETE CASCADE,
  PRIMARY KEY (tag, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX cache_tags_key ON cache_tags(key);
CREATE TRIGGER cache_tags_au AFTER UPDATE OF value ON cache BEGIN
  DELETE FROM cache_tags WHERE key = old.key;
END;

CREATE TABLE cache_totals (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO cache_totals VALUES (1, 0, 0);
CREATE TRIGGER cache_totals_ai AFTER INSERT ON cache BEGIN
  UPDATE cache_totals SET entries = entries + 1, bytes = bytes + new.size;
END;
CREATE TRIGGER cache_totals_ad AFTER DELETE ON cache BEGIN
  UPDATE cache_totals SET entries = entries - 1, bytes = bytes - old.size;
END;
CREATE TRIGGER cache_totals_au AFTER UPDATE OF key, value, embedding ON cache BEGIN
  UPDATE cache_totals SET bytes = bytes - old.size + new.size;
END;
`;
