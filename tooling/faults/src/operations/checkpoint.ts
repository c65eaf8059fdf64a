import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointRepository, ProjectCheckpoints } from '@codebuddy/db-sessions';
import { openFile } from './contents.ts';
import type { Operation } from './operation.ts';

const NAMES = ['a.ts', 'b.ts', 'c.ts'];
const contentOf = (word: string, name: string) => `${word} ${name} `.repeat(3_000);
const placesIn = (folder: string) => ({ path: join(folder, 'agent.db'), project: join(folder, 'shop') });

function write(folder: string, word: string): void {
  for (const name of NAMES) writeFileSync(join(placesIn(folder).project, name), contentOf(word, name));
}

async function withCheckpoints(folder: string, work: (checkpoints: ProjectCheckpoints) => unknown): Promise<void> {
  const { path, project } = placesIn(folder);
  using manager = await openFile(path);
  const repository = new CheckpointRepository(manager.getDatabase(), { generateId: () => crypto.randomUUID() });
  await work(new ProjectCheckpoints(repository, { projectId: 'shop', projectPath: project }));
}

/** `ProjectCheckpoints.restore` of three files */
export const operation: Operation = {
  prepare: async (folder) => {
    mkdirSync(placesIn(folder).project);
    write(folder, 'new');
    await withCheckpoints(folder, (checkpoints) => checkpoints.save(NAMES));
    write(folder, 'old');
  },
  run: (folder) =>
    withCheckpoints(folder, async (checkpoints) => {
      const first = checkpoints.list().at(-1);
      if (first !== undefined) await checkpoints.restore(first.id);
    }),
  // A program that starts brings back what another one left half restored.
  look: async (folder) => {
    await withCheckpoints(folder, (checkpoints) => checkpoints.recover());
    const words = NAMES.map((name) => {
      const content = readFileSync(join(placesIn(folder).project, name), 'utf8');
      return ['old', 'new'].find((word) => content === contentOf(word, name)) ?? `neither in ${name}`;
    });
    return new Set(words).size === 1 ? (words[0] ?? '') : words.join(', ');
  },
  leftovers: (names) => names.filter((name) => name !== 'agent.db' && !/^shop(\/[abc]\.ts)?$/.test(name)),
};
