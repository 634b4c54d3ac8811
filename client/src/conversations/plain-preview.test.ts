import { expect, it } from 'vitest';
import { plainPreview } from './plain-preview.ts';

it('Markdown syntax is removed from a preview, and the text is kept', () => {
  expect(plainPreview('## A plan\n\n- **Begin** in [Rome](https://x.y)\n- use `npm`')).toBe(
    'A plan Begin in Rome use npm',
  );
  expect(plainPreview('it costs 3-4 in C#, a_b')).toBe('it costs 3-4 in C#, a_b');
});
