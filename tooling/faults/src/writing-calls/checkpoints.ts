import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointRepository, ProjectCheckpoints } from '@codebuddy/db-sessions';
import { partsOf, type Stage, textOf, type WritingCall, type WritingCalls } from './writing-call.ts';

/** The restores of checkpoints whose ids are keys: those of the state before. */
const RESTORED = "SELECT substr(description, 18) FROM checkpoints WHERE description LIKE 'Before restoring %'";

/** Those that were undone: the state before that is in a checkpoint as well. */
const UNDONE = `
  SELECT substr(a.description, 18) FROM checkpoints AS a
  JOIN checkpoints AS b ON b.description = 'Before restoring ' || a.id`;

const REDONE = `${UNDONE} JOIN checkpoints AS c ON c.description = 'Before restoring ' || b.id`;

const OF_OTHER_FOLDER = "SELECT project_id FROM checkpoints WHERE project_path IS NOT '/elsewhere'";

/** Every call that writes checkpoints. */
export const checkpointCalls: WritingCalls = {
  'CheckpointRepository.create': {
    begin: ({ db }) => {
      const checkpoints = new CheckpointRepository(db);
      return (key) => checkpoints.create({ id: key, project_id: 'p', files: filesOf(key) });
    },
    stored: 'SELECT id FROM checkpoints UNION ALL SELECT checkpoint_id FROM checkpoint_files',
    rows: 4,
  },
  'CheckpointRepository.delete': {
    prepare: storeEach((key) => ({ id: key, project_id: 'p', files: filesOf(key) })),
    begin: ({ db }) => {
      const checkpoints = new CheckpointRepository(db);
      return (key) => checkpoints.delete(key);
    },
    deleted: 'SELECT id FROM checkpoints UNION ALL SELECT checkpoint_id FROM checkpoint_files',
    rows: 4,
  },
  'CheckpointRepository.rebind': {
    prepare: storeEach((key) => ({ project_id: key, project_path: '/elsewhere', files: [] })),
    begin: ({ db, folder }) => {
      const checkpoints = new CheckpointRepository(db);
      return (key) => checkpoints.rebind({ projectId: key }, { projectId: key, projectPath: folder });
    },
    stored: OF_OTHER_FOLDER,
  },
  'ProjectCheckpoints.save': {
    begin: (stage) => {
      const checkpoints = projectOf(stage);
      return async (key) => {
        writeFileSync(join(stage.folder, 'a.ts'), textOf(key));
        await checkpoints.save(['a.ts', 'none.ts'], { description: key });
      };
    },
    stored: 'SELECT description FROM checkpoints',
  },
  'ProjectCheckpoints.restore': onSaved(['restore'], RESTORED),
  'ProjectCheckpoints.undo': onSaved(['restore', 'undo'], UNDONE),
  'ProjectCheckpoints.redo': onSaved(['restore', 'undo', 'redo'], REDONE),
  'ProjectCheckpoints.rebind': {
    prepare: storeEach((key) => ({ project_id: key, project_path: '/elsewhere', files: [] })),
    begin: (stage) => (key) => projectOf(stage, key).rebind(stage.folder),
    stored: OF_OTHER_FOLDER,
  },
  'ProjectCheckpoints.recover': {
    prepare: (stage, keys) => {
      storeEach((key) => ({ id: key, project_id: key, project_path: stage.folder, files: [] }))(stage, keys);
      const begun = { kind: 'restoring', becomes: 'undo', token: 'token', isStarted: true, sequence: 1, wanted: {} };
      stage.db.prepare('UPDATE checkpoints SET metadata = ?').run(JSON.stringify({ '@codebuddy': begun }));
    },
    begin: (stage) => (key) => projectOf(stage, key).recover(),
    stored: `SELECT id FROM checkpoints WHERE metadata NOT LIKE '%restoring%'`,
  },
};

/** Methods that write nothing into the database. */
export const checkpointReads = [
  'CheckpointRepository.getById',
  'CheckpointRepository.find',
  'CheckpointRepository.getFiles',
  'CheckpointRepository.getContent',
  'CheckpointRepository.historyOf',
  'ProjectCheckpoints.list',
  'ProjectCheckpoints.diff',
];

/** Edits the file of a checkpoint, and makes calls one after the other. */
function onSaved(calls: readonly ('restore' | 'undo' | 'redo')[], stored: string): WritingCall {
  return {
    prepare: (stage, keys) =>
      storeEach((key) => ({
        id: key,
        project_id: 'p',
        project_path: stage.folder,
        files: [{ file_path: 'a.ts', content: Buffer.from(key) }],
      }))(stage, keys),
    begin: (stage) => {
      const checkpoints = projectOf(stage);
      return async (key) => {
        writeFileSync(join(stage.folder, 'a.ts'), textOf(`edited-${key}`));
        for (const call of calls) await checkpoints[call](key);
      };
    },
    stored,
    slow: true,
  };
}

/** Stores a checkpoint for each key. */
function storeEach(checkpointOf: (key: string) => Parameters<CheckpointRepository['create']>[0]) {
  return ({ db, manager }: Stage, keys: readonly string[]) => {
    const checkpoints = new CheckpointRepository(db);
    manager.transaction(() => {
      for (const key of keys) checkpoints.create(checkpointOf(key));
    });
  };
}

function projectOf({ db, folder }: Stage, projectId = 'p'): ProjectCheckpoints {
  return new ProjectCheckpoints(new CheckpointRepository(db), { projectId, projectPath: folder });
}

function filesOf(key: string) {
  return partsOf(key).map((part) => ({ file_path: part, content: Buffer.from(textOf(part)) }));
}
