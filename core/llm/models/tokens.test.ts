import { describe, expect, it } from 'vitest';
import { leastCpuMs } from '../../../test/support/cpu-time.ts';
import { estimateTokens, loadTokenizer } from './tokens.ts';

describe('counting tokens', () => {
  it('is exact for a model with a tokenizer', async () => {
    const cl100k = await loadTokenizer({ tokenizer: 'cl100k_base' });
    // Values of OpenAI's tiktoken.
    expect(cl100k('tiktoken is great!')).toBe(6);
    expect(cl100k('antidisestablishmentarianism')).toBe(6);
    expect(cl100k('2 + 2 = 4')).toBe(7);
    expect(cl100k('お誕生日おめでとう')).toBe(9);
    expect(cl100k('')).toBe(0);
    const o200k = await loadTokenizer({ tokenizer: 'o200k_base' });
    expect(o200k('お誕生日おめでとう')).toBe(8);
  });

  it('counts what looks like a special token as text', async () => {
    const count = await loadTokenizer({ tokenizer: 'cl100k_base' });
    expect(count('<|endoftext|>')).toBeGreaterThan(1);
  });

  it('stays fast on runs without breaks, and close to the exact count', async () => {
    const count = await loadTokenizer({ tokenizer: 'cl100k_base' });
    const ms = leastCpuMs(() => {
      expect(count('नमस्'.repeat(8_000))).toBeGreaterThan(20_000);
      expect(count('a'.repeat(32_000))).toBe(4_000);
      expect(count(' '.repeat(32_000))).toBeLessThan(600);
    }, 1_500);
    // Without the bound they take about six seconds, with it about ten milliseconds.
    expect(ms).toBeLessThan(1_500);
  });

  it('is estimated from the bytes for other models', async () => {
    expect(await loadTokenizer({})).toBe(estimateTokens);
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('four')).toBe(1);
    expect(estimateTokens('five!')).toBe(2);
    expect(estimateTokens('नमस्ते')).toBe(5);
  });
});
