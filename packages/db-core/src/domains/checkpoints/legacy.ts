import { CONTENT_GZIP, CONTENT_HASH } from '../../table-kit/content-functions.ts';
import type { LegacyTables, TableUpgrade } from '../../table-kit/legacy-tables.ts';

/** Checkpoints. */
const checkpoints: TableUpgrade = {
  from: 'checkpoints',
  to: 'checkpoints',
  columns: (old) => ({
    id: old.id('id'),
    project_id: `ifnull(${old.text('project_id')}, '')`,
    description: old.text('description'),
    created_at: old.firstInstant('created_at'),
    file_count: old.count('file_count'),
    total_size: old.count('total_size'),
    metadata: old.jsonObject('metadata'),
  }),
};

/** The contents of checkpointed files: each once, under the hash of its bytes. */
const checkpointContents: TableUpgrade = {
  from: 'checkpoint_files',
  to: 'checkpoint_contents',
  companion: true,
  only: (old) => `${old.raw('content')} IS NOT NULL`,
  columns: (old) => ({
    hash: `${CONTENT_HASH}(${old.raw('content')})`,
    encoding: "'gzip'",
    size: `length(CAST(${old.raw('content')} AS BLOB))`,
    data: `${CONTENT_GZIP}(${old.raw('content')})`,
  }),
  merge: 'ON CONFLICT (hash) DO NOTHING',
};

/** Files of checkpoints, pointing to their contents. */
const checkpointFiles: TableUpgrade = {
  from: 'checkpoint_files',
  to: 'checkpoint_files',
  columns: (old) => ({
    id: old.rowid('id'),
    checkpoint_id: old.text('checkpoint_id'),
    file_path: old.name('file_path'),
    content_hash: old.computed(
      'content_hash',
      'content',
      `CASE WHEN ${old.raw('content')} IS NOT NULL THEN ${CONTENT_HASH}(${old.raw('content')}) END`,
    ),
    existed: old.flag('existed', 1),
  }),
  rejects: (old) => ({
    'its checkpoint does not exist': `NOT EXISTS (SELECT 1 FROM checkpoints WHERE id = ${old.text('checkpoint_id')})`,
    'it names no file': `${old.name('file_path')} IS NULL`,
  }),
  identity: ['checkpoint_id', 'file_path'],
  merge: 'ON CONFLICT (checkpoint_id, file_path) DO NOTHING',
};

/** The tables that earlier releases kept this subject in. */
export const legacy: LegacyTables = {
  required: {
    checkpoints: ['id', 'project_id', 'file_count'],
    checkpoint_files: ['checkpoint_id', 'file_path'],
  },
  upgrades: [checkpoints, checkpointContents, checkpointFiles],
};
