import { existsSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { hasErrorCode } from '@codebuddy/db-core';
import { SwappingProcess } from '@codebuddy/test-kit';
import { expect, it } from 'vitest';
import { TemporaryProject } from '../support/temporary-project.ts';

/** Rounds that meet a swap many times over. */
const ROUNDS = 150;

// Elsewhere Node.js has no call that names a file below an open folder: a rename that meets a swap can't be taken back.
it.runIf(process.platform === 'linux')(
  'reads and writes nothing outside while another process swaps a folder for a link',
  async () => {
    using project = await TemporaryProject.create();
    const { checkpoints } = project;
    const ids: string[] = [];
    for (const content of ['one', 'two']) {
      project.write('sub/a', content);
      ids.push((await checkpoints.save(['sub/a'])).id);
    }
    writeFileSync(`${project.outside}/a`, 'outside');
    symlinkSync(project.outside, project.join('link'));
    const outcomes = new Map<string, number>();
    const note = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    {
      await using _ = await SwappingProcess.start(project.join('sub'), project.join('link'));
      for (let round = 0; round < ROUNDS; round++) {
        const id = ids[round % 2] ?? '';
        try {
          await checkpoints.restore(id);
          note('restored');
          for (const { after } of await checkpoints.diff(id)) note(`read ${Buffer.from(after ?? []).toString()}`);
        } catch (error) {
          if (!hasErrorCode(error, 'DB_OUTSIDE_ROOT', 'DB_RESTORE_FAILED')) throw error;
          note('refused');
        }
        expect(readFileSync(`${project.outside}/a`, 'utf8')).toBe('outside');
      }
    }
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['restored', 'refused']));
    expect([...outcomes.keys()]).not.toContain('read outside');
    expect(readdirSync(project.outside)).toEqual(['a']);
    if (existsSync(project.join('sub.aside'))) {
      if (existsSync(project.join('sub'))) renameSync(project.join('sub'), project.join('link'));
      renameSync(project.join('sub.aside'), project.join('sub'));
    }
    for (const id of ids.toReversed()) await checkpoints.restore(id);
    expect([project.read('sub/a'), readdirSync(project.join('sub'))]).toEqual(['one', ['a']]);
  },
);
