import { describe, expect, it } from 'vitest';
import { checkPromises } from '../../src/claims/promises.ts';

const HERE = 'tooling/checks/test/claims/promises.test.ts';
const check = (text: string, page = 'docs/architecture.md') => checkPromises(page, text).map(({ message }) => message);

describe('a promise', () => {
  it('is kept by a test that is there', () => {
    expect(check(`It holds. <!-- promise: a -> ${HERE} > is kept by a test that is there -->`)).toEqual([]);
    expect(check(`It holds. <!-- promise: a -> ${HERE} > is kept by ... is there -->`)).toEqual([]);
  });

  it.each([
    ['a file that is not there', '<!-- promise: a -> tooling/absent.test.ts > is kept -->'],
    ['a title that no test has', `<!-- promise: a -> ${HERE} > is kept by nobody -->`],
    ['a part of a title', `<!-- promise: a -> ${HERE} > is kept by a test -->`],
    ['no file', '<!-- promise: a -> is kept -->'],
    ['nothing', '<!-- promise: a -->'],
  ])('is refused if it names %s', (_what, text) => expect(check(text)).toHaveLength(1));
});

describe('a list of promises', () => {
  const page = (...items: string[]) => ['# Several processes', '', ...items, '', 'The end.'].join('\n');
  const comment = `  <!-- promise: a -> ${HERE} > names a test for each item -->`;

  it('names a test for each item', () => {
    const text = page(
      '- **Readers never wait.** They',
      '  see the state they began with.',
      comment,
      '- **Writers** wait.',
    );
    expect(check(text, 'docs/several-processes.md')).toEqual(['"- **Writers** wait...." names no test']);
    expect(check(text, 'docs/architecture.md')).toEqual([]);
  });

  it('is looked for below its heading', () => {
    const text = '# Security\n\n## What is promised, and tested\n\n- All.\n\n## What is not promised\n\n- The rest.\n';
    expect(check(text, 'SECURITY.md')).toEqual(['"- All...." names no test']);
    expect(() => check('# Security\n\n- All.\n', 'SECURITY.md')).toThrow(/There is no heading/);
  });
});
