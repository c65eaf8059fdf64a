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
    'its key is not text': `typeof(${old.raw('key')}) <> 'text'`,
    'its value is not JSON': `NOT ifnull(json_valid(${old.raw('value')}), 0)`,
  }),
};

/** The tables that earlier releases kept this subject in. */
export const legacy: LegacyTables = {
  required: {
    cache: ['key', 'value'],
  },
  upgrades: [cache],
};
