import { DatabaseManager } from '@codebuddy/db-core';
import { seededRandom, TemporaryFolder } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { Acknowledged } from '../src/acknowledged.ts';
import { findInconsistencies } from '../src/consistency.ts';
import { count } from '../src/count.ts';
import { runWorker } from '../src/run-worker.ts';
import { scaled } from '../src/scale.ts';

/** Two at a time, on files of their own. */
const LANES = 2;
const FILES = scaled(7, 75);
const KILLS_A_FILE = 10;

it(
  `loses nothing to ${LANES * FILES * KILLS_A_FILE} kills of a process that writes`,
  async () => {
    let kills = 0;
    let writes = 0;
    const lane = async (number: number) => {
      const next = seededRandom(number);
      for (let file = 0; file < FILES; file++) {
        using folder = new TemporaryFolder();
        const path = folder.join('agent.db');
        const acknowledged = new Acknowledged();
        for (let kill = 0; kill < KILLS_A_FILE; kill++) {
          const name = `w${number}${file}${kill}`;
          const killAfterMs = Math.floor(next() ** 2 * 200);
          const { acknowledged: told, signal, complaints } = await runWorker('write', [path, name], { killAfterMs });
          expect(complaints).toBe('');
          expect(signal).toBe('SIGKILL');
          kills++;
          acknowledged.add(name, told);
          using manager = new DatabaseManager({ dbPath: path });
          await manager.initialize();
          expect(acknowledged.findLosses(manager.getDatabase())).toEqual([]);
          expect(findInconsistencies(manager.getDatabase())).toEqual([]);
        }
        writes += acknowledged.count;
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number + 1)));
    count('crash', 'A process is killed while it writes', { kills, 'acknowledged writes': writes, lost: 0 });
    expect(kills).toBe(LANES * FILES * KILLS_A_FILE);
    expect(writes).toBeGreaterThan(kills);
  },
  scaled(300_000, 3_600_000),
);
