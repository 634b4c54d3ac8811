import { expect, test } from 'vitest';
import { withShownRegions } from './shown-regions.ts';

const SOURCE = 'before\n  // #region one\n  first\n    second\n\n  // #endregion\nafter\n';
const PAGE = '# Title\n<!-- shown: a.mjs one -->\nof before\n<!-- /shown -->\nThe end.\n';
const SHOWN =
  '# Title\n<!-- shown: a.mjs one -->\n```js\nfirst\n  second\n\n```\n<!-- /shown -->\nThe end.\n';

test('a page shows the named region of a file without its indentation, and is unchanged elsewhere', () => {
  expect(withShownRegions(PAGE, () => SOURCE)).toBe(SHOWN);
  expect(withShownRegions(SHOWN, () => SOURCE)).toBe(SHOWN);
});

test('a region that a file does not have is an error that names both', () => {
  expect(() => withShownRegions(PAGE, () => SOURCE.replace('one', 'two'))).toThrow('a.mjs has no region one');
  expect(() => withShownRegions(PAGE, () => SOURCE.replace('#endregion', ''))).toThrow(
    'a.mjs has no region one',
  );
});
