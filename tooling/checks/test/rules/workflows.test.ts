import { describe, expect, it } from 'vitest';
import { checkWorkflow } from '../../src/rules/workflows.ts';

const HASH = '08c6903cd8c0fde910a37f88322edcfb5dd907a8';

describe('a workflow', () => {
  it.each(['actions/checkout@v5', 'actions/checkout@main', `actions/checkout@${HASH.slice(1)}`, 'docker://node'])(
    'is refused with %s',
    (action) => {
      expect(checkWorkflow('ci.yml', `jobs:\n  test:\n    steps:\n      - uses: ${action}`)).toEqual([
        expect.objectContaining({ path: 'ci.yml', line: 4 }),
      ]);
    },
  );

  it('uses what is pinned, and what lies in the repository', () => {
    const steps = [`actions/checkout@${HASH} # v5.0.0`, './.github/workflows/ci.yml'];
    expect(steps.flatMap((action) => checkWorkflow('ci.yml', `jobs:\n    uses: ${action}`))).toEqual([]);
  });

  it('gives rights to write to single jobs only', () => {
    const rights = 'permissions:\n  contents: write\n';
    expect(checkWorkflow('ci.yml', `${rights}jobs:\n`)).toHaveLength(1);
    expect(checkWorkflow('ci.yml', `jobs:\n  tag:\n    ${rights}`)).toEqual([]);
  });
});
