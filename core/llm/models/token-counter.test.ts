import { expect, it } from 'vitest';
import { TokenCounter } from './token-counter.ts';
import { estimateTokens, loadTokenizer } from './tokens.ts';

const O200K = { tokenizer: 'o200k_base' } as const;
const counter = await TokenCounter.load([O200K, {}]);

it('counts as the tokenizer does, long texts too', async () => {
  const exact = await loadTokenizer(O200K);
  const prose = 'The keeper counted the waves, 42 at a time, and wrote them down. '.repeat(500);
  expect(await counter.count(O200K, { content: prose })).toBe(exact(prose));
  expect(await counter.count({}, { content: prose })).toBeCloseTo(estimateTokens(prose), -1);
  expect(await counter.count(O200K, { content: '' })).toBe(0);
  const pairs = '𝕏'.repeat(20_000);
  expect(Math.abs((await counter.count(O200K, { content: pairs })) / exact(pairs) - 1)).toBeLessThan(0.01);
});

it('lets the event loop run other work during a long text', async () => {
  let turns = 0;
  let counting = true;
  const others = (async () => {
    while (counting) {
      turns += 1;
      await new Promise(setImmediate);
    }
  })();
  await counter.count(O200K, { content: 'word '.repeat(20_000) });
  counting = false;
  await others;
  expect(turns).toBeGreaterThan(8);
});

it('counts a message once for each tokenizer, whatever its length', async () => {
  const id = 'the-id-of-a-message';
  const first = await counter.count(O200K, { id, content: 'some words' });
  // A message never changes: the same count for another text shows that nothing was counted.
  expect(await counter.count(O200K, { id, content: 'other words, and more of them' })).toBe(first);
  expect(await counter.count({}, { id, content: 'four' })).toBe(1);
});

it('counts for a model that was listed later as its tokenizer does', async () => {
  const early = await TokenCounter.load([{}]);
  const later = { tokenizer: 'cl100k_base' } as const;
  const [one, two] = await Promise.all(
    [early, early].map((it) => it.count(later, { content: 'antidisestablishmentarian' })),
  );
  const exact = (await loadTokenizer(later))('antidisestablishmentarian');
  expect([one, two]).toEqual([exact, exact]);
});
