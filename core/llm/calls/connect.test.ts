import { afterEach, expect, it } from 'vitest';
import { startScriptedUpstream } from '../../../test/support/scripted-model/scripted.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { connectLlm, type LlmConnection } from './connect.ts';

const { signal } = new AbortController();
let connection: LlmConnection | undefined;
afterEach(() => connection?.close());

it('starts the demo, which answers through the same client, and stops it', async () => {
  connection = await connectLlm(() => null);
  expect(connection.llm.provider).toBe('demo');
  const messages = [{ role: 'user' as const, content: 'Count to 9' }];
  let text = '';
  for await (const chunk of connection.llm.stream({ model: 'demo', messages, signal, maxTokens: 8 })) {
    if (chunk.type === 'text') text += chunk.text;
    else expect(chunk).toMatchObject({ finishReason: 'length', usage: { totalTokens: expect.any(Number) } });
  }
  expect(text).toBe('1, 2, 3, 4,');
  await connection.close();
  await connection.close();
  const again = connection.llm.stream({ model: 'm', messages, signal })[Symbol.asyncIterator]();
  await expect(again.next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

it('starts no demo for a real provider', async () => {
  connection = await connectLlm(() => ({ provider: 'custom', baseURL: 'http://127.0.0.1:9/v1' }));
  expect(connection.llm.provider).toBe('custom');
});

it('a request goes to the address that the server has at that time', async () => {
  const upstream = await startScriptedUpstream();
  upstream.answerAll('Here.');
  let endpoint: Endpoint = { provider: 'custom', baseURL: upstream.baseURL.replace('/v1', '') };
  connection = await connectLlm(() => endpoint);
  const answer = async () => {
    const texts: string[] = [];
    const messages = [{ role: 'user' as const, content: 'Where?' }];
    for await (const chunk of connection?.llm.stream({ model: 'm', messages, signal }) ?? [])
      if (chunk.type === 'text') texts.push(chunk.text);
    return texts.join('');
  };
  await expect(answer()).rejects.toMatchObject({ status: 404 });
  endpoint = { ...endpoint, baseURL: upstream.baseURL };
  expect(await answer()).toBe('Here.');
  await upstream.close();
});
