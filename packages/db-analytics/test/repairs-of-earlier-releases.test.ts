import { DatabaseSync } from 'node:sqlite';
import { DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { describe, expect, it } from 'vitest';
import { PersistentLearning } from '../src/index.ts';
import { errorEssence } from '../src/repairs/error-essence.ts';

/** A message, and patterns that were made of others of its kind: paths, line numbers and quoted names are out, in many notations. */
const KINDS: readonly (readonly [message: string, ...patterns: string[]])[] = [
  [
    "src/cart/total.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
    "<path>(<line>,<col>): error TS2322: Type '<name>' is not assignable to type '<name>'.",
    "[FILE](N,N): error TS2322: Type 'X' is not assignable to type 'X'.",
    "<file>:<line>:<col>: error TS2322: Type '...' is not assignable to type '...'.",
    ": error TS2322: Type '' is not assignable to type ''.",
    'PATH:LINE:COL: error TS2322: Type "STRING" is not assignable to type "STRING".',
    "{path}: error TS2322: Type '{name}' is not assignable to type '{name}'.",
    "lib/other.ts(1,1): error TS2322: Type 'A' is not assignable to type 'B'.",
  ],
  [
    "Error: Cannot find module './retry.js'\n    at Module._load (node:internal/modules/cjs/loader:1225:15)",
    "Error: Cannot find module '<module>'",
    "Error: Cannot find module 'X'",
    'Error: Cannot find module <identifier>',
  ],
  [
    "TypeError: Cannot read properties of undefined (reading 'id')",
    "TypeError: Cannot read properties of undefined (reading '<name>')",
    'TypeError: Cannot read properties of undefined (reading [NAME])',
  ],
  [
    'tests/test_user.py:17: KeyError: no such user',
    '<file>:<line>: KeyError: no such user',
    '[PATH]:[LINE]: KeyError: no such user',
  ],
  [
    'expected 41 to be 42 after 3 retries',
    'expected <num> to be <num> after <num> retries',
    'expected N to be N after N retries',
  ],
  [
    'SyntaxError: unexpected token at line 12 column 5',
    'SyntaxError: unexpected token at line <line> column <col>',
    'SyntaxError: unexpected token at line N column N',
  ],
  [
    'error[E0308]: mismatched types in `Cart`',
    'error[E0308]: mismatched types in `<name>`',
    'error[E0308]: mismatched types in __NAME__',
  ],
];

describe('repairs that an earlier release learned', () => {
  it.each(KINDS)('are found whatever their patterns look like: error %#', async (message, ...patterns) => {
    for (const pattern of patterns) {
      using folder = new TemporaryFolder();
      const path = folder.join('codebuddy.db');
      writeLegacyFile(path, pattern);
      using manager = new DatabaseManager({ dbPath: path });
      await manager.initialize();
      const learning = new PersistentLearning({ db: manager.getDatabase() });
      expect(learning.getBestRepairStrategies(message), pattern).toMatchObject([
        { strategy: 'mend it', success_count: 4 },
      ]);
    }
  });

  it('are not those of another kind of error', () => {
    const essences = KINDS.map(([message]) => errorEssence(message));
    expect(new Set(essences).size).toBe(KINDS.length);
    expect(essences).not.toContain('');
    for (const nothing of ['', "'x'", '<path>:<line>', '12 ms', 'Error']) expect(errorEssence(nothing)).toBe('');
  });

  it('add up with those that are learned now, and what other processes learn meanwhile is seen', async () => {
    const [[message = '', pattern = ''] = []] = KINDS;
    using folder = new TemporaryFolder();
    const path = folder.join('codebuddy.db');
    writeLegacyFile(path, pattern);
    using manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    const learning = new PersistentLearning({ db: manager.getDatabase() });
    const attempt = { errorMessage: message, errorType: 'type', attempts: 1, language: 'typescript' } as const;
    expect(learning.getBestRepairStrategies(message)).toHaveLength(1);
    learning.recordRepairAttempt({ ...attempt, strategy: 'mend it', success: true, fixCode: 'as before' });
    new PersistentLearning({ db: manager.getDatabase() }).recordRepairAttempt({
      ...attempt,
      strategy: 'b',
      success: true,
    });
    const [best, ...others] = learning.getBestRepairStrategies(message);
    expect(best).toMatchObject({ strategy: 'mend it', success_count: 5, failure_count: 1, examples: ['as before'] });
    expect(best?.success_rate).toBeCloseTo(5 / 6);
    expect(others).toMatchObject([{ strategy: 'b' }]);
  });
});

/** Writes the table as earlier releases did, with one strategy against a pattern. */
function writeLegacyFile(path: string, pattern: string): void {
  const file = new DatabaseSync(path);
  file.exec(`CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at DATETIME DEFAULT CURRENT_TIMESTAMP);
    INSERT INTO schema_version (version) VALUES (1), (2);
    CREATE TABLE repair_learning (
      id INTEGER PRIMARY KEY AUTOINCREMENT, error_pattern TEXT NOT NULL, error_type TEXT NOT NULL, strategy TEXT NOT NULL,
      context_hash TEXT, language TEXT, framework TEXT, success_count INTEGER DEFAULT 0, failure_count INTEGER DEFAULT 0,
      avg_attempts REAL DEFAULT 1, last_used DATETIME DEFAULT CURRENT_TIMESTAMP, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
      examples TEXT, UNIQUE (error_pattern, strategy, context_hash)
    )`);
  file
    .prepare(
      "INSERT INTO repair_learning (error_pattern, error_type, strategy, success_count, failure_count) VALUES (?, 'type', 'mend it', 4, 1)",
    )
    .run(pattern);
  file.close();
}
