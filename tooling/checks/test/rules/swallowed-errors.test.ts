import { describe, expect, it } from 'vitest';
import { checkSwallowedErrors } from '../../src/rules/swallowed-errors.ts';
import { parse } from '../../src/source-file.ts';

const check = (text: string) => checkSwallowedErrors(parse('packages/db-core/src/index.ts', text));

describe('an error', () => {
  it.each([
    'try { write(); } catch { /* nothing to do */ }',
    'try { write(); } catch (error) {\n  // ignored\n}',
    'try { write(); } catch {}',
    'write().catch(() => {\n  // ignored\n});',
    'write().catch(function () {});',
    'write().then(done, () => {});',
  ])('is refused to be swallowed: %s', (text) => expect(check(text)).toHaveLength(1));

  it.each([
    'try { write(); } catch (error) { if (!isExpected(error)) throw error; }',
    'try { write(); } catch (error) { report(error); }',
    'write().catch((error) => report(error));',
    'write().then(() => {});',
  ])('may be handled: %s', (text) => expect(check(text)).toEqual([]));
});
