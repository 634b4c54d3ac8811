import OpenAI from 'openai';
import { expect } from 'vitest';
import type { Data } from './harness.ts';

/** OpenAI's own client, which calls this server and repeats nothing by itself. */
export function openaiAt(url: string, apiKey: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, logLevel: 'off' });
}

/** A request for a completion to this server as it is. */
export function postCompletion(
  url: string,
  apiKey: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}`, ...headers },
    body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
  });
}

/** The error that a call rejects with. */
export async function errorOf(call: PromiseLike<unknown>): Promise<Data> {
  return Promise.resolve(call).then(
    () => expect.fail('the call did not fail'),
    (error: unknown) => error,
  );
}
