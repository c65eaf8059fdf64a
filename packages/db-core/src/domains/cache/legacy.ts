import type { LegacyTables, TableUpgrade } from '../../table-kit/legacy-tables.ts';

/** Cache entries. */
const cache: TableUpgrade = {
  from: 'cache',
  to: 'cache',
  columns: (old) => ({
    key: old.text('key'),
    value: `CAST(${old.raw('value')} AS TEXT)`,
    embedding: old.vector('embedding'),
    embedding_model: old.unknownModel('embedding'),
    created_at: old.firstInstant('created_at'),
    expires_at: old.instant('expires_at'),
    last_used: old.firstInstant('created_at'),
    hits: old.count('hits'),
    category: old.name('category'),
  }),
  rejects: (old) => ({
    'it has no key': `${old.raw('key')} IS NULL`,
    'its value is not JSON': `NOT ifnull(json_valid(${old.raw('value')}), 0)`,
  }),
  remarks: (old) => ({
    'its embedding is not whole float32 numbers': `${old.raw('embedding')} IS NOT NULL AND NOT ${old.isVector('embedding')}`,
  }),
};

/** The tables that earlier releases kept this subject in. */
export const legacy: LegacyTables = {
  required: {
    cache: ['key', 'value'],
  },
  upgrades: [cache],
};
