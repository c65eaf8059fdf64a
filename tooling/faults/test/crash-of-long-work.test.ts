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
import { writeOlderFile } from '../src/older-release.ts';
import { otherModel } from '../src/other-model.ts';
import { runWorker } from '../src/run-worker.ts';
import { scaled } from '../src/scale.ts';

const KILLS = scaled(15, 150);
const LIMIT = scaled(180_000, 1_800_000);
const next = seededRandom(5);

/** Places in a piece of work that takes about so long: beyond its end there is nothing to kill. */
const somewhereIn = (milliseconds: number) => ({ killAfterMs: Math.floor(next() * milliseconds) });

afterEach(resetDatabaseSystem);

async function open(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

it(
  `adopts a file of an earlier release, whenever it is killed (${KILLS} kills)`,
  async () => {
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      using folder = new TemporaryFolder();
      const path = folder.join('agent.db');
      writeOlderFile(path, 8_000);
      const { signal, complaints } = await runWorker('adopt', [path], somewhereIn(70));
      expect(complaints).toBe('');
      if (signal === 'SIGKILL') killed++;
      using manager = await open(path);
      expect(list(manager.getDatabase(), 'SELECT count(*) FROM messages')).toEqual(['8000']);
      expect(list(manager.getDatabase(), 'SELECT message_count FROM sessions')).toEqual(['8000']);
      expect(list(manager.getDatabase(), 'SELECT content FROM memories')).toEqual(['kept']);
      expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    }
    expect(killed).toBeGreaterThan(KILLS / 3);
  },
  LIMIT,
);

it(
  `imports legacy files once and whole, however often it is killed (${KILLS} kills)`,
  async () => {
    let killed = 0;
    for (let run = 0; killed < KILLS; run++) {
      using folder = new TemporaryFolder();
      const [path, home] = [folder.join('agent.db'), folder.join('home')];
      const expected = writeLegacyInstall(home, { seed: run + 1, memories: 400, sessions: 40 });
      for (let attempt = 0; attempt < 3; attempt++) {
        const { signal, complaints } = await runWorker('import', [path, home], somewhereIn(200));
        expect(complaints).toBe('');
        if (signal === 'SIGKILL') killed++;
      }
      await initializeDatabaseSystem({ dbPath: path, autoMigrate: false });
      expect((await runMigration({ home, deleteAfterMigration: true })).errors).toEqual([]);
      resetDatabaseSystem();
      using manager = await open(path);
      const count = (table: string) => Number(list(manager.getDatabase(), `SELECT count(*) FROM ${table}`)[0]);
      expect({
        memories: count('memories'),
        sessions: count('sessions'),
        messages: count('messages'),
        cost: Number(list(manager.getDatabase(), 'SELECT round(sum(cost), 6) FROM analytics')[0]),
      }).toEqual({
        memories: expected.memories,
        sessions: expected.sessions,
        messages: expected.messages,
        cost: expected.cost,
      });
      expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    }
  },
  LIMIT,
);

it(
  `moves vectors to another model all at once, or not at all (${KILLS} kills)`,
  async () => {
    let killed = 0;
    while (killed < KILLS) {
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
        const { signal, complaints } = await runWorker('reembed', [path], somewhereIn(120));
        expect(complaints).toBe('');
        if (signal === 'SIGKILL') killed++;
        expect(models()).toHaveLength(1);
      }
      await reembed({ db, provider: otherModel(), cache: chunks, targets: [chunks, memories] });
      expect(models()).toEqual(['function:other']);
      expect(findInconsistencies(db)).toEqual([]);
    }
  },
  LIMIT,
);

it(
  `brings every file of a checkpoint back whole (${KILLS} kills)`,
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
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      write('new');
      const { signal, complaints } = await runWorker('restore', [path, project, id], somewhereIn(120));
      expect(complaints).toBe('');
      if (signal === 'SIGKILL') killed++;
      for (const name of names) {
        expect(['old'.repeat(20_000), 'new'.repeat(20_000)]).toContain(readFileSync(`${project}/${name}`, 'utf8'));
      }
      await checkpoints.restore(id);
      for (const name of names) expect(readFileSync(`${project}/${name}`, 'utf8')).toBe('old'.repeat(20_000));
      expect(readdirSync(project).filter((name) => name.endsWith('.ts'))).toHaveLength(60);
    }
    expect(findInconsistencies(manager.getDatabase())).toEqual([]);
    expect(killed).toBeGreaterThan(KILLS / 3);
  },
  LIMIT,
);
