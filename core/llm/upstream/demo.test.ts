import type { Upstream } from '@taskflow/demo-model';
import { afterEach, describe, expect, it } from 'vitest';
import { createLlm } from '../client.ts';
import { MODEL_PACE, startDemoUpstream } from './demo.ts';
import { demoAnswer } from './demo-answer.ts';
import { tokenPieces } from './demo-tokens.ts';
import { SeededRandom } from './seeded-random.ts';

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

const MESSAGES = [{ role: 'user' as const, content: 'Explain tides' }];
const AT_ONCE = { firstToken: [0, 0], betweenTokens: [0, 0] } as const;

describe('the demo upstream', () => {
  it('streams its answer in many small pieces that join to the whole', async () => {
    upstream = await startDemoUpstream({ pace: AT_ONCE });
    const llm = createLlm({ provider: 'demo', baseURL: upstream.baseURL });
    const texts: string[] = [];
    for await (const chunk of llm.stream({
      model: 'm',
      messages: MESSAGES,
      signal: new AbortController().signal,
    })) {
      if (chunk.type === 'text') texts.push(chunk.text);
      else expect(chunk).toMatchObject({ finishReason: 'stop', usage: { totalTokens: expect.any(Number) } });
    }
    expect(texts.join('')).toBe(demoAnswer(MESSAGES));
    expect(texts.length).toBeGreaterThan(80);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(16);
  });

  it('takes its time to the first token as a model does', async () => {
    upstream = await startDemoUpstream();
    const llm = createLlm({ provider: 'demo', baseURL: upstream.baseURL });
    const started = performance.now();
    const stream = llm.stream({ model: 'm', messages: MESSAGES, signal: new AbortController().signal });
    for await (const chunk of stream) {
      expect(chunk.type).toBe('text');
      break;
    }
    expect(performance.now() - started).toBeGreaterThanOrEqual(MODEL_PACE.firstToken[0] - 5);
  });
});

describe('token pieces', () => {
  it.each([
    'Hello, world!  Two  spaces\n\n- *list*',
    'नमस्ते! आपसे मिलकर अच्छा लगा।',
    'こんにちは、元気？',
    '👩‍👩‍👧 a👍🏽b',
    'é'.normalize('NFD').repeat(20),
  ])('join to the text and split no character: %s', (text) => {
    const pieces = [...tokenPieces(text, new SeededRandom('x'))];
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
  });
});
