import { type DatabaseConfig, DatabaseManager } from '@codebuddy/db-core';
import { SessionRepository } from '@codebuddy/db-sessions';
import { type Contender, takeTurns } from '../measure.ts';
import { row, type SuiteReport } from '../report.ts';
import { scratchFile } from '../scratch-folder.ts';

const CONFIGS: Readonly<Record<string, DatabaseConfig>> = {
  process: { durability: 'process' },
  power: { durability: 'power' },
};

/** What it costs that a message survives a power cut. */
export async function durability(rounds: number): Promise<SuiteReport> {
  const managers: DatabaseManager[] = [];
  const contenders: Contender[] = [];
  for (const [name, config] of Object.entries(CONFIGS)) {
    const manager = new DatabaseManager({ ...config, dbPath: scratchFile(`durability-${name}.db`) });
    await manager.initialize();
    managers.push(manager);
    const sessions = new SessionRepository(manager.getDatabase());
    const { id } = sessions.createSession();
    const run = (round: number) => sessions.addMessage({ session_id: id, role: 'user', content: `message ${round}` });
    contenders.push({ name, run });
  }
  const times = await takeTurns(contenders, rounds, 20);
  for (const manager of managers) manager.close();
  const rows = Object.keys(CONFIGS).map((name) => [name, row(`\`${name}\``, { time: times.get(name) ?? Number.NaN })]);
  return { name: 'durability', title: 'A message appended', rows: Object.fromEntries(rows) };
}
