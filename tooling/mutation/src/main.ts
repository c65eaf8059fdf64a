// Changes the code of packages one place at a time, and counts the changes that no test notices: see README.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepForPages } from '@codebuddy/figures';
import equivalents from '../equivalent.json' with { type: 'json' };
import named from '../named-mutants.json' with { type: 'json' };
import { Plan } from './mutants/plan.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { figuresOf, formatMutant, formatReport, isGoodEnough, type PackageResults } from './report.ts';
import { Campaign } from './run/campaign.ts';
import { endTestProcesses } from './run/run-tests.ts';
import { WorkspaceCopy } from './run/workspace-copy.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const KEPT = join(ROOT, '.mutation');

const packages = readdirSync(join(ROOT, 'packages')).sort();
const options = parseOptions(process.argv.slice(2), packages);
if (options === undefined) console.log(USAGE);
else if (options.list) list(ROOT, options);
else await run(options);

function list(root: string, asked: Options): void {
  for (const name of asked.packages) {
    const plan = planFor(root, name, asked);
    console.log(`\n## ${name}\n`);
    for (let mutant = plan.next(); mutant !== undefined; mutant = plan.next()) console.log(formatMutant(mutant));
  }
}

async function run(asked: Options): Promise<void> {
  // It takes hours; whoever works on the machine meanwhile goes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const folder = join(tmpdir(), `codebuddy-mutation-${process.pid}`);
  using first = new WorkspaceCopy(ROOT, `${folder}-1`);
  using second = new WorkspaceCopy(ROOT, `${folder}-2`);
  using _ = { [Symbol.dispose]: endTestProcesses };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      endTestProcesses();
      for (const copy of [first, second]) copy[Symbol.dispose]();
      process.exit(1);
    });
  }
  const campaign = new Campaign([first, second], KEPT, asked.fresh);
  const results: PackageResults[] = [];
  for (const name of asked.packages) results.push(await campaign.try(planFor(first.path, name, asked)));
  const report = formatReport(results, `Mutants of ${commit}, drawn by the seed ${asked.seed}`);
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(join(KEPT, 'report.md'), report);
  console.log(`\n${report}`);
  if (isWhole(asked)) {
    const command = `pnpm mutation --seed ${asked.seed}`;
    keepForPages('mutation', { title: 'Changes to the code that the tests notice', command, rows: figuresOf(results) });
  }
  if (!isGoodEnough(results)) process.exitCode = 1;
}

/** Only a run over all packages, with the usual sample, is quoted in docs/how-it-is-tested.md. */
function isWhole(asked: Options): boolean {
  return asked.packages.length === packages.length && asked.sample === undefined && asked.file === '';
}

function planFor(root: string, name: string, { seed, sample, file }: Options): Plan {
  const usual = name === 'db-core' ? 300 : 60;
  return new Plan(root, name, { seed, sample: sample ?? usual, file, named, equivalents });
}
