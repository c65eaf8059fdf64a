/** On Windows, a process keeps the id of a parent that it outlives; elsewhere it gets another parent. */
const LOOK = `
const { workerData: starter } = require('node:worker_threads');
function isGone() {
  if (process.ppid !== starter) return true;
  try {
    return !process.kill(starter, 0);
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
setInterval(() => isGone() && process.kill(process.pid, 'SIGKILL'), 200);
`;

/**
 * Returns a script that ends its process soon after the one that started it, however that ended. A thread looks: the process
 * itself may be busy in SQLite or in a grammar, where no event reaches it.
 *
 * @param starter - the id of the process that starts it
 */
export function endWithStarter(starter: number): string {
  const options = `{ eval: true, workerData: ${starter} }`;
  return `import('node:worker_threads').then(({ Worker }) => new Worker(${JSON.stringify(LOOK)}, ${options}).unref());\n`;
}
