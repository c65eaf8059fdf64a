import { type Entries, fillIn, withoutFigures } from '@codebuddy/figures';
import type { Violation } from '../source-file.ts';
import { withoutCode } from './prose.ts';

/**
 * Numbers with a unit that nobody measured: settings, limits, what others say. All others stand in docs/*.json, and pages take
 * them from there.
 */
const STATED: readonly string[] = [
  '(5 seconds)', // the default of `busyTimeoutMs`
  'busyTimeoutMs: 2_000',
  '256 MB of heap', // the limit of the process of a read-only query
  'report 50 GB for it', // users of other indexes
  'file systems of 3, 8 and 12 MB', // in a test
  '8 GB of memory and of disk', // what a benchmark needs
  '16 MB of 1-bit codes', // a million vectors of 128 bits
  'sweeps 1.5 GB through the caches', // a million vectors of 384 dimensions
  '1.5 KB a row', // 384 dimensions of 4 bytes
];

const MEASURED = /\d(?:[\d.,]*\d)?\s?(?:ms|µs|s|seconds?|minutes?|hours?|[kKMG]B|times|% (?:faster|slower))\b/g;

/** Checks that a page says of its figures what docs/*.json say, and that it states no measured figure besides. */
export function checkFigures(page: string, text: string, entries: Entries): Violation[] {
  const { text: filled, problems } = fillIn(text, entries);
  const violations: Violation[] = problems.map((message) => ({ path: page, line: 1, message }));
  const [lines, expected] = [text.split('\n'), filled.split('\n')];
  const line = expected.findIndex((each, i) => each !== lines[i]);
  if (filled !== text)
    violations.push({
      path: page,
      line: line + 1,
      message: 'differs from the figures in docs/*.json: run pnpm figures',
    });
  // The pages of the tooling say how much a tool tries.
  return page.startsWith('tooling/') ? violations : [...violations, ...findStrayFigures(page, text)];
}

function findStrayFigures(page: string, text: string): Violation[] {
  const prose = withoutCode(withoutFigures(text));
  const stated = STATED.reduce((rest, each) => rest.replaceAll(each, ' '.repeat(each.length)), prose);
  return Array.from(stated.matchAll(MEASURED), ({ 0: figure, index }) => ({
    path: page,
    line: text.slice(0, index).split('\n').length,
    message: `states ${figure}; keep it in docs/benchmarks.json and write <!-- =suite.row.column -->, or list it as not measured`,
  }));
}
