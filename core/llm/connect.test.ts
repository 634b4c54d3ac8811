import { expect, it } from 'vitest';
import { connectLlm } from './connect.ts';
import { chooseProvider } from './provider.ts';

it('the demo is started, answers through the same client, and is stopped', async () => {
  const connection = await connectLlm(chooseProvider({}));
  expect(connection.llm.provider).toBe('demo');
  const { signal } = new AbortController();
  const messages = [{ role: 'user' as const, content: '2+3*4' }];
  let text = '';
  for await (const chunk of connection.llm.stream({
    model: 'openai/gpt-4o-mini',
    messages,
    signal,
    maxTokens: 8,
  })) {
    if (chunk.type === 'text') text += chunk.text;
    else expect(chunk).toMatchObject({ finishReason: 'length', usage: { totalTokens: expect.any(Number) } });
  }
  expect(text).toMatch(/^\*\*2 \+ 3/);
  await connection.close();
  await connection.close();
  const again = connection.llm.stream({ model: 'm', messages, signal })[Symbol.asyncIterator]();
  await expect(again.next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

it('nothing is started for a real provider', async () => {
  const connection = await connectLlm(chooseProvider({ openaiBaseUrl: 'http://127.0.0.1:9/v1' }));
  expect(connection.llm.provider).toBe('custom');
  await connection.close();
});
