// Gives a file a second name for a moment, as asking for its lock does.
import { linkSync, rmSync } from 'node:fs';

const [path = ''] = process.argv.slice(2);
linkSync(path, `${path}.probe`);
process.send?.('linked');
setTimeout(() => {
  rmSync(`${path}.probe`);
  process.disconnect();
}, 200);
