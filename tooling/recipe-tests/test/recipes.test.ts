import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseManager, SCHEMA_VERSION } from '@codebuddy/db-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecipe, type Step } from '../src/recipe.ts';
import { RepositoryCopy } from '../src/repository-copy.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../CONTRIBUTING.md', import.meta.url)), 'utf8');
const COLUMN = readRecipe(PAGE, 'Adding a column', SCHEMA_VERSION + 1);
const TABLE = readRecipe(PAGE, 'Adding a table', SCHEMA_VERSION + 2);
const COMMANDS = COLUMN.filter(({ kind }) => kind === 'command');

/** The places below `src` that a recipe touches. */
function placesOf(steps: readonly Step[], place: (file: string) => string): string[] {
  const files = steps.flatMap((step) => (step.kind === 'command' ? [] : step.file));
  return [...new Set(files.filter((file) => /^packages\/[^/]+\/src\//.test(file)).map(place))].sort();
}

describe('the recipes of CONTRIBUTING.md', () => {
  let copy: RepositoryCopy;
  beforeAll(() => {
    copy = new RepositoryCopy();
  });
  afterAll(() => copy[Symbol.dispose]());

  it('add a column in one folder of db-core and one of its slice', () => {
    expect(placesOf(COLUMN, dirname)).toEqual(['packages/db-core/src/domains/memories', 'packages/db-memory/src']);
  });

  it('add a table in a folder of its own, and a line of the list of domains', () => {
    const places = placesOf(TABLE, (file) => file.replace('/notes/', '/notes/*').replace(/\*.*/, '*'));
    expect(places).toEqual(['packages/db-core/src/domains/index.ts', 'packages/db-core/src/domains/notes/*']);
  });

  it('lead to a schema and a slice that pass their checks and tests', { timeout: 300_000 }, () => {
    for (const step of [...COLUMN, ...TABLE, ...COMMANDS]) copy.take(step);
    expect(copy.read('docs/data-model.md')).toMatch(/memories \{[^}]* TEXT origin\n/);
    expect(copy.read('docs/data-model.md')).toContain('  notes {');
    copy.run(
      'pnpm exec biome check --vcs-enabled=false packages/db-core/src/domains packages/db-memory/src packages/db-memory/test',
    );
    copy.run('pnpm --filter @codebuddy/db-core --filter @codebuddy/db-memory typecheck');
    copy.run('pnpm --filter @codebuddy/db-core exec vitest run test/released test/domains.test.ts test/words.test.ts');
    copy.run('pnpm --filter @codebuddy/db-memory test');
  });

  it('give columns the rules that columns have, in SQL that SQLite takes', async () => {
    const [, sql = ''] = /^## Columns\n.*?^```sql\n(.*?)^```/ms.exec(PAGE) ?? [];
    const columns = sql
      .trim()
      .split('\n')
      .map((line) => line.replace(/, -- .*/, ''));
    expect(columns).toHaveLength(13);
    using manager = new DatabaseManager({ inMemory: true });
    await manager.initialize();
    const tables = manager.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table'").raw().all().join('\n');
    // Tables that other modules write take SQLite's own form of instants too, and have triggers for it.
    const rules = tables.replace(/ OR (\w+) IS datetime\(\1\)/g, '');
    for (const column of columns) expect(rules).toContain(`  ${column}`);
    manager.exec(`CREATE TABLE every_kind (${columns.join(', ')}) STRICT`);
  });
});
