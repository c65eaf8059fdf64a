import { describe, expect, it } from 'vitest';
import { checkImports } from '../../src/rules/imports.ts';
import { parse } from '../../src/source-file.ts';

const check = (path: string, text: string) => checkImports(parse(path, text)).map(({ message }) => message);

describe('imports', () => {
  it.each([
    "import { open } from '../../db-core/src/index.ts';",
    "import '../../../packages/db-core/dist/index.js';",
    "export { open } from '../../db-core/src/index.ts';",
    "export * from '../../db-core/src/index.ts';",
    "const core = await import('../../db-core/src/index.ts');",
    "type Core = typeof import('../../db-core/src/index.ts');",
    "const core = require('../../db-core/src/index.ts');",
    "import core = require('../../db-core/src/index.ts');",
    "vi.mock('../../db-core/src/index.ts');",
  ])('are refused if they reach into another package: %s', (text) => {
    expect(check('packages/db-memory/src/index.ts', text)).toEqual([expect.stringContaining('from another package')]);
    expect(check('packages/db-memory/test/index.test.ts', text)).toHaveLength(1);
    expect(check('tooling/demo/src/index.ts', text)).toHaveLength(1);
  });

  it.each([
    "import { SessionRepository } from '@codebuddy/db-sessions';",
    'import { SessionRepository } from "@codebuddy/db-sessions";',
    "import '@codebuddy/db-sessions/langgraph';",
    "export type { SessionRepository } from '@codebuddy/db-sessions';",
    "const { SessionRepository } = await import('@codebuddy/db-sessions');",
  ])('are refused if a slice takes another: %s', (text) => {
    expect(check('packages/db-memory/src/index.ts', text)).toEqual([
      'imports @codebuddy/db-sessions; db-memory may use @codebuddy/db-core',
    ]);
    expect(check('packages/db-core/src/index.ts', text)).toHaveLength(1);
    expect(check('packages/db-integration/src/index.ts', text)).toEqual([]);
  });

  it.each([
    "import { connect } from '../connection/connect.ts';",
    "import { DatabaseManager } from '@codebuddy/db-core';",
    "import { readFileSync } from 'node:fs';",
    '/** import { SessionRepository } from "@codebuddy/db-sessions"; */',
    'const text = "import x from \'../../db-core/src/index.ts\'";',
  ])('are let through otherwise: %s', (text) =>
    expect(check('packages/db-memory/src/deep/index.ts', text)).toEqual([]),
  );
});
