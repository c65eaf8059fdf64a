import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { CheckpointRepository, ProjectCheckpoints } from '@codebuddy/db-sessions';

/** The files that are saved; some of them do not exist then. */
const SAVED = ['a.ts', 'lib/deep/b.ts', 'new/c.ts', 'run.sh', 'src/d.ts', 'z.ts'];

/** A project with a checkpoint, and edits of every kind since; removed at the end of its `using` block. */
export class EditedProject {
  readonly folder = new TemporaryFolder();
  readonly database = this.folder.join('agent.db');
  readonly path: string;
  readonly manager = new DatabaseManager({ dbPath: this.database });

  /** @param path - of the project's folder. Default: one beside the database */
  constructor(path?: string) {
    this.path = path ?? this.folder.join('shop');
  }

  async open(): Promise<void> {
    await this.manager.initialize();
  }

  /** Returns checkpoints that no call was made on yet. */
  checkpoints(): ProjectCheckpoints {
    const repository = new CheckpointRepository(this.manager.getDatabase());
    return new ProjectCheckpoints(repository, { projectId: 'shop', projectPath: this.path });
  }

  /** Saves the files, and returns the id of the checkpoint. */
  async save(): Promise<string> {
    rmSync(this.path, { recursive: true, force: true });
    for (const path of ['a.ts', 'lib/deep/b.ts', 'run.sh', 'src/d.ts', 'z.ts']) this.#write(path, 'old');
    chmodSync(`${this.path}/run.sh`, 0o755);
    return (await this.checkpoints().save(SAVED)).id;
  }

  /** Edits, creates and removes files, changes permissions, and puts a file if a folder was. */
  edit(): void {
    for (const path of ['a.ts', 'new/c.ts', 'z.ts']) this.#write(path, 'new');
    chmodSync(`${this.path}/run.sh`, 0o644);
    for (const folder of ['lib', 'src']) rmSync(`${this.path}/${folder}`, { recursive: true });
    this.#write('src', 'a file now');
  }

  /** Describes what is in the folder: each path with the permissions and the beginning of the content. */
  tree(): readonly string[] {
    return readdirSync(this.path, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const path = `${this.path}/${name}`;
        const { mode, size } = statSync(path);
        if (statSync(path).isDirectory()) return name;
        return `${name} ${(mode & 0o7777).toString(8)} ${size} ${readFileSync(path, 'utf8').slice(0, 20)}`;
      });
  }

  [Symbol.dispose](): void {
    this.manager.close();
    this.folder[Symbol.dispose]();
  }

  #write(path: string, content: string): void {
    mkdirSync(dirname(`${this.path}/${path}`), { recursive: true });
    writeFileSync(`${this.path}/${path}`, content.repeat(500));
  }
}
