import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * The general-purpose cache: JSON values by key, with an optional end of life. A value of NULL stands for `undefined`,
 * which JSON has no word for. Triggers keep the totals, so that a bound is checked without reading the table.
 */
export const migrations: Migrations = {
  4: `
CREATE TABLE cache (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  value TEXT CHECK (json_valid(value)),
  embedding BLOB CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0),
  embedding_model TEXT CHECK (embedding_model <> ''),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  expires_at TEXT CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  stale_until TEXT CHECK (stale_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  last_used TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (last_used GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  hits INTEGER NOT NULL DEFAULT 0 CHECK (hits >= 0),
  category TEXT CHECK (category <> ''),
  size INTEGER GENERATED ALWAYS AS (
    octet_length(key) + ifnull(octet_length(value), 0) + ifnull(octet_length(embedding), 0)
  ) STORED
) STRICT;
CREATE INDEX cache_expiry ON cache(expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX cache_category ON cache(category) WHERE category IS NOT NULL;
CREATE INDEX cache_recency ON cache(last_used);
CREATE INDEX cache_vectors ON cache(embedding_model) WHERE embedding IS NOT NULL;

CREATE TABLE cache_vector_changes (
  position INTEGER PRIMARY KEY,
  key INTEGER NOT NULL,
  tag INTEGER NOT NULL DEFAULT (random() & 0xffffffff)
) STRICT;
CREATE TRIGGER cache_vectors_ai AFTER INSERT ON cache WHEN new.embedding IS NOT NULL BEGIN
  INSERT INTO cache_vector_changes (key) VALUES (new.id);
END;
CREATE TRIGGER cache_vectors_ad AFTER DELETE ON cache WHEN old.embedding IS NOT NULL BEGIN
  INSERT INTO cache_vector_changes (key) VALUES (old.id);
END;
CREATE TRIGGER cache_vectors_au AFTER UPDATE OF id, embedding, embedding_model, category, expires_at ON cache
WHEN (old.embedding IS NOT NULL OR new.embedding IS NOT NULL)
  AND (old.id IS NOT new.id OR old.embedding IS NOT new.embedding OR old.embedding_model IS NOT new.embedding_model OR old.category IS NOT new.category OR old.expires_at IS NOT new.expires_at) BEGIN
  INSERT INTO cache_vector_changes (key) VALUES (new.id);
  INSERT INTO cache_vector_changes (key) SELECT old.id WHERE old.id <> new.id;
END;


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
`,
  5: `
UPDATE cache_totals SET (entries, bytes) = (SELECT count(*), ifnull(sum(size), 0) FROM cache);

CREATE TRIGGER cache_replaced_bi BEFORE INSERT ON cache
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM cache WHERE id = nullif(new.id, -1)
    OR key = new.key
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM cache WHERE (SELECT replaces FROM conflict_probe) AND (
    id = nullif(new.id, -1)
    OR key = new.key);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;
CREATE TRIGGER cache_replaced_bu BEFORE UPDATE OF id, key ON cache
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM cache WHERE id <> old.id AND (
    id = new.id
    OR key = new.key)
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM cache WHERE (SELECT replaces FROM conflict_probe) AND id <> old.id AND (
    id = new.id
    OR key = new.key);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;

INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'cache', 'no calendar has one of its instants', json_object('id', id, 'created_at', created_at, 'last_used', last_used, 'expires_at', expires_at, 'stale_until', stale_until) FROM cache WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND last_used IS strftime('%Y-%m-%dT%H:%M:%fZ', last_used) AND expires_at IS strftime('%Y-%m-%dT%H:%M:%fZ', expires_at) AND stale_until IS strftime('%Y-%m-%dT%H:%M:%fZ', stale_until));
UPDATE cache SET
    created_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', created_at), substr(created_at, 1, 4) || '-12-31T23:59:59.999Z'),
    last_used = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', last_used), substr(last_used, 1, 4) || '-12-31T23:59:59.999Z'),
    expires_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', expires_at), substr(expires_at, 1, 4) || '-12-31T23:59:59.999Z'),
    stale_until = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', stale_until), substr(stale_until, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND last_used IS strftime('%Y-%m-%dT%H:%M:%fZ', last_used) AND expires_at IS strftime('%Y-%m-%dT%H:%M:%fZ', expires_at) AND stale_until IS strftime('%Y-%m-%dT%H:%M:%fZ', stale_until));
CREATE TRIGGER cache_instants_ai AFTER INSERT ON cache WHEN NOT (new.created_at GLOB '*Z' AND new.last_used GLOB '*Z' AND ifnull(new.expires_at GLOB '*Z', TRUE) AND ifnull(new.stale_until GLOB '*Z', TRUE)) BEGIN
  UPDATE cache SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      last_used = strftime('%Y-%m-%dT%H:%M:%fZ', last_used),
      expires_at = strftime('%Y-%m-%dT%H:%M:%fZ', expires_at),
      stale_until = strftime('%Y-%m-%dT%H:%M:%fZ', stale_until)
    WHERE id = new.id;
END;
CREATE TRIGGER cache_instants_au AFTER UPDATE OF created_at, last_used, expires_at, stale_until ON cache WHEN NOT (new.created_at GLOB '*Z' AND new.last_used GLOB '*Z' AND ifnull(new.expires_at GLOB '*Z', TRUE) AND ifnull(new.stale_until GLOB '*Z', TRUE)) BEGIN
  UPDATE cache SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      last_used = strftime('%Y-%m-%dT%H:%M:%fZ', last_used),
      expires_at = strftime('%Y-%m-%dT%H:%M:%fZ', expires_at),
      stale_until = strftime('%Y-%m-%dT%H:%M:%fZ', stale_until)
    WHERE id = new.id;
END;
`,
};
