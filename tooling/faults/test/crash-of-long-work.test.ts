import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseManager } from '@codebuddy/db-core';
import { seededRandom, TemporaryFolder } from '@codebuddy/db-core/testing';
import { EmbeddingRepository, reembed } from '@codebuddy/db-embeddings';
import { initializeDatabaseSystem, resetDatabaseSystem, runMigration } from '@codebuddy/db-integration';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, ProjectCheckpoints } from '@codebuddy/db-sessions';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { afterEach, expect, it } from 'vitest';
import { findInconsistencies, list } from '../src/consistency.ts';
import { count } from '../src/count.ts';
import { writeOlderFile } from '../src/older-release.ts';
import { otherModel } from '../src/other-model.ts';
import { runWorker } from '../src/run-worker.ts';
import { scaled } from '../src/scale.ts';

const KILLS = scaled(15, 150);
const LIMIT = scaled(180_000, 1_800_000);
const next = seededRandom(5);

/** Kills a piece of work somewhere in its course: later after each kill, and no later than it ended when it was not killed. */
class Killer {
  #longest = 100;
  killed = 0;

  /** Tells whether the work was killed before its end. */
  async run(name: string, args: readonly string[]): Promise<boolean> {
    const { signal, complaints, workedMs } = await runWorker(name, args, { killAfterMs: next() * this.#longest });
    expect(complaints).toBe('');
    const wasKilled = signal === 'SIGKILL';
    if (wasKilled) this.killed++;
    this.#longest = wasKilled ? this.#longest * 1.2 : workedMs;
    return wasKilled;
  }
}

afterEach(resetDatabaseSystem);

async function open(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

it(
  `upgrades a file of an earlier release, whenever it is killed (${KILLS} kills)`,
  async () => {
    const killer = new Killer();
    while (killer.killed < KILLS) {
      using folder = new TemporaryFolder();
      const path = folder.join('agent.db');
      writeOlderFile(path, 8_000);
      await killer.run('upgrade-legacy', [path]);
      using manager = await open(path);
      expect(list(manager.getDatabase(), 'SELECT count(*) FROM messages')).toEqual(['8000']);
      expect(list(manager.getDatabase(), 'SELECT message_count FROM sessions')).toEqual(['8000']);
      expect(list(manager.getDatabase(), 'SELECT content FROM memories')).toEqual(['kept']);
      expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    }
    count('crash-upgrade', 'A process is killed while it upgrades a file of an earlier release', {
      kills: killer.killed,
    });
  },
  LIMIT,
);

it(
  `imports legacy files once and whole, however often it is killed (${KILLS} kills)`,
  async () => {
    const killer = new Killer();
    for (let run = 0; killer.killed < KILLS; run++) {
      using folder = new TemporaryFolder();
      const [path, home] = [folder.join('agent.db'), folder.join('home')];
      const expected = writeLegacyInstall(home, { seed: run + 1, memories: 400, sessions: 40 });
      for (let attempt = 0; attempt < 3; attempt++) {
        if (!(await killer.run('import', [path, home]))) break;
      }
      await initializeDatabaseSystem({ dbPath: path, autoMigrate: false });
      expect((await runMigration({ home, deleteAfterMigration: true })).errors).toEqual([]);
      resetDatabaseSystem();
      using manager = await open(path);
      const rowsOf = (table: string) => Number(list(manager.getDatabase(), `SELECT count(*) FROM ${table}`)[0]);
      expect({
        memories: rowsOf('memories'),
        sessions: rowsOf('sessions'),
        messages: rowsOf('messages'),
        cost: Number(list(manager.getDatabase(), 'SELECT round(sum(cost), 6) FROM analytics')[0]),
      }).toEqual({
        memories: expected.memories,
        sessions: expected.sessions,
        messages: expected.messages,
        cost: expected.cost,
      });
      expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    }
    count('crash-import', 'A process is killed while it imports legacy files', { kills: killer.killed });
  },
  LIMIT,
);

it(
  `moves vectors to another model all at once, or not at all (${KILLS} kills)`,
  async () => {
    const killer = new Killer();
    while (killer.killed < KILLS) {
      using folder = new TemporaryFolder();
      const path = folder.join('agent.db');
      using manager = await open(path);
      const db = manager.getDatabase();
      const chunks = new EmbeddingRepository(db);
      const memories = new MemoryRepository(db);
      const embedding = Float32Array.of(1, 2);
      const text = (index: number) => 'x'.repeat(index);
      chunks.bulkUpsert(
        Array.from({ length: 300 }, (_, index) => ({
          project_id: 'p',
          file_path: 'a.ts',
          chunk_index: index,
          chunk_text: text(index),
          embedding,
          embedding_model: 'm',
        })),
      );
      memories.bulkCreate(
        Array.from({ length: 300 }, (_, index) => ({
          type: 'fact',
          content: text(index + 1),
          embedding,
          embedding_model: 'm',
        })),
      );
      const models = () =>
        list(db, 'SELECT embedding_model FROM memories UNION SELECT embedding_model FROM code_contents');
      for (let attempt = 0; attempt < 5; attempt++) {
        const wasKilled = await killer.run('reembed', [path]);
        expect(models()).toHaveLength(1);
        if (!wasKilled) break;
      }
      await reembed({ db, provider: otherModel(), cache: chunks, targets: [chunks, memories] });
      expect(models()).toEqual(['function:other']);
      expect(findInconsistencies(db)).toEqual([]);
    }
    count('crash-reembed', 'A process is killed while it moves vectors to another model', { kills: killer.killed });
  },
  LIMIT,
);

it(
  `restores all files of a checkpoint or none, whenever it is killed (${KILLS} kills)`,
  async () => {
    using folder = new TemporaryFolder();
    const [path, project] = [folder.join('agent.db'), folder.join('shop')];
    mkdirSync(project);
    const names = Array.from({ length: 60 }, (_, index) => `file-${index}.ts`);
    const write = (content: string) => {
      for (const name of names) writeFileSync(`${project}/${name}`, content.repeat(20_000));
    };
    write('old');
    using manager = await open(path);
    const checkpoints = new ProjectCheckpoints(new CheckpointRepository(manager.getDatabase()), {
      projectId: 'shop',
      projectPath: project,
    });
    const { id } = await checkpoints.save(names);
    const killer = new Killer();
    while (killer.killed < KILLS) {
      write('new');
      await killer.run('restore', [path, project, id]);
      await checkpoints.recover();
      const states = new Set(names.map((name) => readFileSync(`${project}/${name}`, 'utf8')));
      expect(states.size).toBe(1);
      expect(['old'.repeat(20_000), 'new'.repeat(20_000)]).toContain([...states][0]);
      expect(readdirSync(project)).toHaveLength(60);
      await checkpoints.restore(id);
      for (const name of names) expect(readFileSync(`${project}/${name}`, 'utf8')).toBe('old'.repeat(20_000));
    }
    expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    count('crash-restore', 'A process is killed while it restores the files of a checkpoint', { kills: killer.killed });
  },
  LIMIT,
);
