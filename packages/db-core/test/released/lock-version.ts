// Locks the newest schema version once its SQL is final: `pnpm --filter @codebuddy/db-core schema:lock` adds its hash to
// `src/schema/released.json`, and writes a file as this build leaves it to `version-<number>.db.gz`, with the rows of
// `rows.sql`. A version that is locked stays as it is: every later build is tested with its file. The file of version 4 was
// written by the build of commit 70282e3.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DOMAINS } from '../../src/domains/index.ts';
import { DatabaseManager, MIGRATIONS, SCHEMA_VERSION } from '../../src/index.ts';
import { vectorIndexOf } from '../../src/internal.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { fileOfVersion, HASHES, hashOf, RELEASED, ROWS } from './released-versions.ts';

if (RELEASED[SCHEMA_VERSION] === undefined) {
  const locked = { ...RELEASED, [SCHEMA_VERSION]: hashOf(MIGRATIONS[SCHEMA_VERSION] ?? '') };
  writeFileSync(HASHES, `${JSON.stringify(locked, null, 2)}\n`);
}
if (!existsSync(fileOfVersion(SCHEMA_VERSION))) writeFileSync(fileOfVersion(SCHEMA_VERSION), await fillNewFile());
process.stdout.write(`Version ${SCHEMA_VERSION} is locked.\n`);

async function fillNewFile(): Promise<Uint8Array> {
  using folder = new TemporaryFolder();
  const path = folder.join('new.db');
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  manager.exec(readFileSync(ROWS, 'utf8'));
  for (const { vectors } of DOMAINS) if (vectors !== undefined) vectorIndexOf(manager.getDatabase(), vectors).rebuild();
  manager.vacuum();
  manager.close();
  return gzipSync(readFileSync(path), { level: 9 });
}
