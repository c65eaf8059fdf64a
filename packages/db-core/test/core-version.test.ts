import { describe, expect, it } from 'vitest';
import { isCompatible } from '../src/core-version.ts';

describe('a package that was built with another version of db-core', () => {
  it.each([
    ['0.1.0', '0.1.0', true],
    ['0.1.4', '0.1.0', true],
    ['0.1.0', '0.1.4', false],
    ['0.2.0', '0.1.9', false],
    ['1.0.0', '0.1.0', false],
    ['1.2.3-rc.1', '1.2.3', true],
    ['1.2.10', '1.2.9', true],
  ])('finds %s, was built with %s: fits together: %s', (installed, builtWith, expected) => {
    expect(isCompatible(installed, builtWith)).toBe(expected);
  });
});
