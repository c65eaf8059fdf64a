import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from '../mutants/mutant.ts';
import type { Plan } from '../mutants/plan.ts';
import type { PackageResults, Result } from '../report.ts';
import { fingerprint, SOURCES, testsOf } from './fingerprint.ts';
import { judge, type Verdict } from './judge.ts';
import { KeptVerdicts } from './kept-verdicts.ts';
import { measureReach, type Reach } from './reach.ts';
import type { WorkspaceCopy } from './workspace-copy.ts';

const FAULT_TESTS = 'tooling/faults';

/** The attempt at the mutants of one or more packages, in copies of the workspace that work side by side. */
export class Campaign {
  readonly #copies: readonly WorkspaceCopy[];
  readonly #first: WorkspaceCopy;
  readonly #kept: KeptVerdicts;
  readonly #reachFile: string;

  /** @param folder - where verdicts are kept from one run to the next */
  constructor(copies: readonly [WorkspaceCopy, ...WorkspaceCopy[]], folder: string, fresh: boolean) {
    this.#copies = copies;
    this.#first = copies[0];
    this.#kept = new KeptVerdicts(join(folder, 'verdicts.json'), { fresh });
    this.#reachFile = join(folder, 'reach.json');
  }

  /** Tries all mutants of a plan. */
  async try(plan: Plan): Promise<PackageResults> {
    const folders = [`packages/${plan.name}`, FAULT_TESTS];
    console.log(`${plan.name}: which code each test runs`);
    const reach = await measureReach(this.#copies, folders, this.#reachFile);
    const all = fingerprint(this.#first.path, [SOURCES, ...folders.flatMap(testsOf)]) + reach.failing.join();
    const results: Result[] = [];
    await Promise.all(
      this.#copies.map(async (copy) => {
        for (let mutant = plan.next(); mutant !== undefined; mutant = plan.next()) {
          const result = plan.isEquivalent(mutant)
            ? ({ mutant, status: 'equivalent' } as const)
            : await this.#try(mutant, copy, reach, all);
          if (result === undefined) plan.discard(mutant);
          else results.push(result);
        }
      }),
    );
    return { name: plan.name, results, lost: plan.lost, outdated: plan.outdated, failing: reach.failing };
  }

  async #try(mutant: Mutant, copy: WorkspaceCopy, reach: Reach, all: string): Promise<Result | undefined> {
    const source = readFileSync(join(copy.path, mutant.file), 'utf8');
    const kept = this.#kept.get(mutant, source, all);
    const verdict = kept ?? (await judge(mutant, copy, reach.folders));
    if (kept === undefined) {
      this.#kept.set(mutant, source, all, verdict);
      console.log(describe(mutant, verdict));
    }
    return verdict.status === 'invalid' ? undefined : { mutant, status: verdict.status };
  }
}

function describe({ file, line, what }: Mutant, { status, by, ms }: Verdict): string {
  const end = status === 'invalid' ? 'does not compile' : `${status}${by === undefined ? '' : ` by ${by}`}`;
  return `  ${file}:${line} ${what}: ${end} (${(ms / 1_000).toFixed(1)} s)`;
}
