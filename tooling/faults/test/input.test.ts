import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { EmbeddingProvider } from '@codebuddy/db-embeddings';
import {
  DatabaseIntegration,
  getDatabaseManager,
  initializeDatabaseSystem,
  resetDatabaseSystem,
} from '@codebuddy/db-integration';
import { afterEach, describe, expect, it } from 'vitest';
import { findInconsistencies } from '../src/consistency.ts';
import { facadeCalls, managerCalls, OBJECTS, providerCalls, publicObject } from '../src/public-calls.ts';
import { expectComplete, expectRefusals, RUNS } from '../src/refusals.ts';
import { scaled } from '../src/scale.ts';

const LIMIT = scaled(120_000, 3_600_000);
const CLAIM = `takes what it is meant to take, and of anything else nothing or a typed error (${RUNS} a call)`;

describe.each(OBJECTS)('%s', (name) => {
  it('has no call that is not tried here', async () => {
    using database = await temporaryDatabase();
    expectComplete(publicObject(name, database.db));
  });

  it(
    CLAIM,
    async () => {
      using database = await temporaryDatabase();
      await expectRefusals(database.db, publicObject(name, database.db));
      expect(findInconsistencies(database.db).filter((finding) => !finding.startsWith('vectors'))).toEqual([]);
    },
    LIMIT,
  );
});

describe('DatabaseIntegration', () => {
  afterEach(resetDatabaseSystem);
  const facade = async () => {
    await initializeDatabaseSystem({ inMemory: true });
    return { target: new DatabaseIntegration({ embeddingProvider: 'mock', autoMigrate: false }), calls: facadeCalls() };
  };

  it('has no call that is not tried here', async () => {
    expectComplete(await facade());
  });

  it(
    CLAIM,
    async () => {
      const object = await facade();
      await expectRefusals(getDatabaseManager().getDatabase(), object);
    },
    LIMIT,
  );
});

describe('EmbeddingProvider', () => {
  const provider = () => ({ target: new EmbeddingProvider({ provider: 'mock' }), calls: providerCalls() });

  it('has no call that is not tried here', () => {
    expectComplete(provider());
  });

  it(
    CLAIM,
    async () => {
      using database = await temporaryDatabase();
      await expectRefusals(database.db, provider());
    },
    LIMIT,
  );
});

describe('DatabaseManager', () => {
  it(
    CLAIM,
    async () => {
      using database = await temporaryDatabase();
      await expectRefusals(database.db, { target: database.manager, calls: managerCalls() });
    },
    LIMIT,
  );
});
