// Fills the figures of docs/*.json into the pages: `pnpm figures`.
import { fillPages } from './store.ts';

const changed = fillPages();
console.log(changed.length === 0 ? 'All figures are as they were.' : `Filled in: ${changed.join(', ')}`);
