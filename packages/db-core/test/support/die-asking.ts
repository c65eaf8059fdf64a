// A process of its own: starts a program that never ends, says which process runs it, and lives until it is killed.
import { DatabaseManager } from '../../src/index.ts';
import { startProcess } from '../../src/internal.ts';
import { busyChild } from './busy-child.ts';

const [, , what, dbPath] = process.argv;
if (what === 'query') {
  const manager = new DatabaseManager({ dbPath });
  await manager.initialize();
  const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
  manager.queryReadOnly(endless, { timeoutMs: 600_000 }).catch(() => undefined);
} else {
  // As a parser that never comes back from a grammar.
  const code = "process.send({ kind: 'ready' }); process.on('message', () => { for (;;); });";
  const started = await startProcess({ code, execArgv: [] });
  started?.send({});
}
setInterval(() => {
  const pid = busyChild();
  if (pid !== undefined) process.send?.(pid);
}, 50);
