// Runs test files in a process of its own, one after the other in the order given, up to the first test that fails,
// and reports how that ended to the process that started it: `node vitest-process.ts FOLDER FILE...`
import { relative } from 'node:path';
import { type Reporter, startVitest, type TestModule, type TestSequencer, type TestSpecification } from 'vitest/node';
import type { TestOutcome } from './run-tests.ts';

const [folder = '', ...files] = process.argv.slice(2);

process.once('disconnect', () => process.exit(1));

class GivenOrder implements TestSequencer {
  sort(specifications: TestSpecification[]): TestSpecification[] {
    return specifications.toSorted((a, b) => files.indexOf(a.moduleId) - files.indexOf(b.moduleId));
  }

  shard(specifications: TestSpecification[]): TestSpecification[] {
    return specifications;
  }
}

const reporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors, reason) {
    const failure = modules.map(failureOf).find((found) => found !== undefined);
    const unhandled = unhandledErrors[0]?.message;
    if (failure) report(failure);
    else if (unhandled !== undefined) report({ kind: 'crashed', output: unhandled });
    else if (reason === 'passed') report({ kind: 'passed' });
  },
};

const vitest = await startVitest(files, {
  root: folder,
  watch: false,
  bail: 1,
  maxWorkers: 1,
  fileParallelism: false,
  sequence: { sequencer: GivenOrder },
  reporters: [reporter],
});
await vitest.close();
process.exit();

function failureOf(module: TestModule): TestOutcome | undefined {
  const file = relative(folder, module.moduleId);
  const [error] = module.errors();
  if (error) return { kind: 'failed', file, test: file, message: error.message };
  for (const test of module.children.allTests('failed')) {
    const message = test.result().errors?.[0]?.message ?? '';
    return { kind: 'failed', file, test: `${file} > ${test.fullName}`, message };
  }
  const suite = [...module.children.allSuites()].find((one) => one.state() === 'failed');
  const [suiteError] = suite?.errors() ?? [];
  return suite && { kind: 'failed', file, test: `${file} > ${suite.fullName}`, message: suiteError?.message ?? '' };
}

function report(outcome: TestOutcome): void {
  process.send?.(outcome);
}
