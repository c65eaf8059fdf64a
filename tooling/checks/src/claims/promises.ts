import { existsSync } from 'node:fs';
import { testTitles } from '../rules/test-titles.ts';
import { parse, type Violation } from '../source-file.ts';
import { ROOT, readText } from '../workspace.ts';
import { withoutCode } from './prose.ts';

/** Lists of promises: each of their items names the tests that show it. Without a heading, all lists of the page. */
const PROMISING: readonly { readonly page: string; readonly heading?: string }[] = [
  { page: 'README.md', heading: 'What it is good at' },
  { page: 'SECURITY.md', heading: 'What is promised, and tested' },
  { page: 'docs/backup-and-recovery.md' },
  { page: 'docs/moving-from-json.md' },
  { page: 'docs/runtimes.md' },
  { page: 'docs/semantic-search.md' },
  { page: 'docs/several-processes.md' },
];

/** `<!-- promise: id -> path/of.test.ts > title of the test -->`; `...` in the title stands for anything. */
const PROMISE = /<!-- promise: ([\w-]+) -> (\S+) > ([^\n]*?) -->/g;
const ANY_PROMISE = /<!--\s*promise\b/g;

/** Checks that the tests that a page names for its promises are there, and that no item of a list of promises names none. */
export function checkPromises(page: string, text: string): Violation[] {
  const violationAt = (index: number, message: string): Violation => ({
    path: page,
    line: text.slice(0, index).split('\n').length,
    message,
  });
  const prose = withoutCode(text);
  const promises = Array.from(prose.matchAll(PROMISE));
  const wellFormed = new Set(promises.map(({ index }) => index));
  return [
    ...Array.from(prose.matchAll(ANY_PROMISE), ({ index }) => index)
      .filter((index) => !wellFormed.has(index))
      .map((index) => violationAt(index, 'expected <!-- promise: id -> path/of.test.ts > title of the test -->')),
    ...promises.flatMap(({ index, 1: id = '', 2: file = '', 3: title = '' }) => {
      const problem = findProblem(file, title);
      return problem === undefined ? [] : [violationAt(index, `the promise ${id} ${problem}`)];
    }),
    ...PROMISING.filter((list) => list.page === page).flatMap(({ heading }) =>
      itemsOf(prose, heading)
        .filter(({ item }) => !item.includes('<!-- promise:'))
        .map(({ item, index }) => violationAt(index, `"${item.slice(0, 60).trim()}..." names no test`)),
    ),
  ];
}

function findProblem(file: string, title: string): string | undefined {
  if (!existsSync(`${ROOT}/${file}`)) return `names ${file}, which is not there`;
  const pattern = new RegExp(`^${title.split('...').map(escaped).join('[\\s\\S]*')}$`);
  const titles = testTitles(parse(file, readText(file))).map((each) => each.title);
  return titles.some((each) => pattern.test(each))
    ? undefined
    : `names the test "${title}", which ${file} does not have`;
}

interface ListItem {
  readonly item: string;
  readonly index: number;
}

/** Returns the items of the lists below a heading, or of the whole page. */
function itemsOf(text: string, heading: string | undefined): ListItem[] {
  const start = heading === undefined ? 0 : text.indexOf(`\n## ${heading}\n`);
  if (start === -1) throw new Error(`There is no heading "${heading}": mend the list of promises in tooling/checks`);
  const end = heading === undefined ? text.length : text.indexOf('\n## ', start + 1);
  const section = text.slice(start, end === -1 ? text.length : end);
  return Array.from(section.matchAll(/^- [^\n]*(?:\n(?: {2,}[^\n]*|(?=\n {2,})))*/gm), ({ 0: item, index }) => ({
    item,
    index: start + index,
  }));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
