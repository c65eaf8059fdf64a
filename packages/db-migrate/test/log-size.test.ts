import { statSync } from 'node:fs';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { expect, it } from 'vitest';
import { LegacyHome } from './support/legacy-home.ts';

/** The largest log that a write leaves behind, and what one batch of an import may add to it before that is noticed. */
const MAX_LOG_BYTES = 16_000_000 + 8_000_000;

it('the log stays short during an import of many entries', async () => {
  using legacy = await LegacyHome.open();
  const memories = Array.from({ length: 4_000 }, (_, index) => ({
    content: `memory ${index} ${`${index}-word `.repeat(60)}`,
    embedding: Array.from({ length: 64 }, (__, at) => (index + at) % 7),
  }));
  const messages = Array.from({ length: 20 }, (_, index) => ({ role: 'tool', content: `line ${index}\n`.repeat(600) }));
  writeLegacyInstall(legacy.home.path, { memories: 1, sessions: 1 });
  legacy.write('memories.json', memories);
  for (let file = 0; file < 150; file++) legacy.write(`sessions/large-${file}.json`, { id: `large-${file}`, messages });
  const migration = legacy.migration();
  let longest = 0;
  let looks = 0;
  migration.on('advance', () => {
    longest = Math.max(longest, statSync(`${legacy.database.path}-wal`, { throwIfNoEntry: false })?.size ?? 0);
    looks++;
  });
  expect(await migration.migrate()).toMatchObject({
    success: true,
    migratedItems: { memories: 4_000, sessions: 151 },
  });
  expect(looks).toBeGreaterThan(150);
  expect(longest).toBeLessThanOrEqual(MAX_LOG_BYTES);
  // All that was written is several times as long as the log may be.
  expect(statSync(legacy.database.path).size).toBeGreaterThan(MAX_LOG_BYTES);
}, 180_000);
