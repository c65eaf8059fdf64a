import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PersistentLearning } from '../src/index.ts';

describe('PersistentLearning', () => {
  let database: TemporaryDatabase;
  let learning: PersistentLearning;
  beforeEach(async () => {
    database = await temporaryDatabase();
    learning = new PersistentLearning({ db: database.db, clock: fakeClock() });
  });
  afterEach(() => database[Symbol.dispose]());

  const errorAt = (file: string, name: string) => `${file}(3,7): error TS2304: Cannot find name '${name}'.`;

  it('recommends for one error what worked for another of its kind', () => {
    const heard: unknown[] = [];
    learning.on('repair:recorded', (event) => heard.push(event));
    const attempt = { errorType: 'compile', attempts: 1, language: 'typescript' } as const;
    learning.recordRepairAttempt({
      ...attempt,
      errorMessage: errorAt('src/a.ts', 'x'),
      strategy: 'add the import',
      success: true,
      fixCode: "import { x } from './x'",
    });
    learning.recordRepairAttempt({
      ...attempt,
      errorMessage: errorAt('src/a.ts', 'x'),
      strategy: 'declare it',
      success: false,
      fixCode: 'not kept',
    });
    const found = learning.getBestRepairStrategies(errorAt('lib/other.ts', 'fetchUser'), {
      language: 'typescript',
      limit: 3,
    });
    expect(found.map(({ strategy, examples }) => [strategy, examples])).toEqual([
      ['add the import', ["import { x } from './x'"]],
    ]);
    expect(heard).toHaveLength(2);
    expect(learning.getBestRepairStrategies('something else entirely')).toEqual([]);
    expect(() =>
      learning.recordRepairAttempt({ ...attempt, errorMessage: '  ', strategy: 's', success: true }),
    ).toThrow(/errorMessage/);
  });

  it('grows surer of a convention each time it is seen', () => {
    const seen = { projectId: 'p', category: 'naming', pattern: 'kebab-case files' } as const;
    learning.recordConvention({ ...seen, example: 'user-store.ts' });
    const again = learning.recordConvention({ ...seen, example: 'cart-store.ts', description: 'all lower case' });
    expect(again).toMatchObject({
      occurrences: 2,
      confidence: 0.75,
      examples: ['user-store.ts', 'cart-store.ts'],
      description: 'all lower case',
    });
    learning.recordConvention({ ...seen, category: 'docs', pattern: 'TSDoc', confidence: 0.2 });
    expect(learning.getProjectConventions('p').map(({ pattern }) => pattern)).toEqual(['kebab-case files', 'TSDoc']);
    expect(learning.getProjectConventions('p', { category: 'docs' })).toHaveLength(1);
    expect(learning.getProjectConventions('p', { minConfidence: 0.5 })).toHaveLength(1);
    expect(learning.getProjectConventions('other')).toEqual([]);
    expect(() => learning.recordConvention({ ...seen, confidence: 2 })).toThrow(/Invalid confidence/);
  });

  it('knows which tool to trust, and tells what it has noticed', () => {
    for (let i = 0; i < 9; i++) learning.recordToolUsage({ toolName: 'edit', success: i > 0, timeMs: 1 });
    for (let i = 0; i < 6; i++) learning.recordToolUsage({ toolName: 'patch', success: i > 4, timeMs: 1 });
    learning.recordToolUsage({ toolName: 'lucky', success: true, timeMs: 1 });
    expect(learning.getBestToolForTask(['lucky', 'patch', 'edit'])).toBe('edit');
    expect(learning.getBestToolForTask(['new', 'unknown'])).toBe('new');
    expect(learning.getBestToolForTask([])).toBeNull();
    learning.recordConvention({ projectId: 'p', category: 'testing', pattern: 'no mocks', confidence: 0.9 });
    learning.recordRepairAttempt({ errorMessage: 'e', errorType: 'lint', strategy: 's', success: true, attempts: 1 });
    expect(learning.generateInsights('p').map(({ message }) => message)).toEqual([
      '100 % of the repairs of lint errors work (1 strategies known)',
      'testing: no mocks',
    ]);
    expect(learning.generateInsights()[0]?.message).toBe('patch fails 83 % of the time (6 uses)');
    expect(learning.getStats()).toMatchObject({ tools: 3, conventions: 1, repairs: { totalPatterns: 1 } });
    expect(learning.formatStats()).toContain('Repair strategies: 1, 100 % successful');
  });
});
