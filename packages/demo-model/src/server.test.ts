import { once } from 'node:events';
import { connect } from 'node:net';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { type ChatServer, type ChatServerOptions, startChatServer } from './server.ts';

type Answer = ChatServerOptions['answer'];

let server: ChatServer;
afterEach(() => server.close());

async function start(answer: Answer, models: readonly string[] = []): Promise<OpenAI> {
  server = await startChatServer({ answer, models });
  return new OpenAI({ baseURL: server.baseURL, apiKey: 'any', maxRetries: 0, logLevel: 'off' });
}

const saying =
  (...texts: string[]): Answer =>
  async (_, completion) => {
    for (const text of texts) await completion.text(text);
  };

const HELLO = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi there' }] };

function post(body: string): Promise<Response> {
  return fetch(`${server.baseURL}/chat/completions`, { method: 'POST', body });
}

describe('a streamed completion', () => {
  it('has one id, first the role, then the texts, a finish reason, the usage if requested, and [DONE]', async () => {
    await start(saying('Hel', 'lo'));
    const response = await post(
      JSON.stringify({ ...HELLO, stream: true, stream_options: { include_usage: true } }),
    );
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text()).split('\n\n').filter(Boolean);
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.map((chunk) => chunk.choices[0])).toEqual([
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null },
      { index: 0, delta: { content: 'Hel' }, finish_reason: null },
      { index: 0, delta: { content: 'lo' }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: 'stop' },
      undefined,
    ]);
    expect(chunks.at(-1).usage).toEqual({ prompt_tokens: 6, completion_tokens: 2, total_tokens: 8 });
  });

  it('has no usage if it was not requested', async () => {
    await start(saying('Hello'));
    expect(await (await post(JSON.stringify({ ...HELLO, stream: true }))).text()).not.toContain('usage');
  });

  it('waits for a slow reader instead of buffering without a limit', async () => {
    let written = 0;
    const client = await start(async (_, completion) => {
      for (; written < 200; written++) await completion.text('x'.repeat(64 * 1024));
    });
    const stream = await client.chat.completions.create({ ...HELLO, stream: true });
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    const held = await steady(() => written);
    expect(held).toBeLessThan(200);
    for (let piece = await reader.next(); !piece.done; piece = await reader.next());
    expect(written).toBe(200);
  });

  it('is aborted when the client closes the socket', async () => {
    let gone: Promise<unknown> = Promise.resolve();
    const client = await start(async (_, completion, signal) => {
      gone = once(signal, 'abort');
      await completion.text('Once');
      await gone;
      await completion.text('Nobody reads this');
    });
    const stream = await client.chat.completions.create({ ...HELLO, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await gone;
  });
});

describe('a whole completion', () => {
  it('is one JSON answer with its usage', async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const client = await start(async (_, completion) => {
      await completion.text('Hel');
      await completion.text('lo');
      await completion.finish('length', usage);
    });
    const completion = await client.chat.completions.create(HELLO);
    expect(completion).toMatchObject({ object: 'chat.completion', usage });
    expect(completion.choices).toEqual([
      { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'length' },
    ]);
  });
});

describe('a wrong request', () => {
  it.each([
    ['no JSON', '{', 'The body is not JSON'],
    ['no model', JSON.stringify({ messages: HELLO.messages }), 'model'],
    ['no messages', JSON.stringify({ model: 'm', messages: [] }), 'messages'],
    [
      'a message without a role',
      JSON.stringify({ model: 'm', messages: [{ content: 'x' }] }),
      'messages.0.role',
    ],
  ])("with %s is 400 in OpenAI's form", async (_, body, mentions) => {
    await start(saying());
    const response = await post(body);
    expect(response.status).toBe(400);
    expect((await response.json()) as unknown).toMatchObject({
      error: { message: expect.stringContaining(mentions), type: 'invalid_request_error' },
    });
  });

  it('for an unknown path is 404', async () => {
    await start(saying());
    expect((await fetch(`${server.baseURL}/embeddings`, { method: 'POST' })).status).toBe(404);
  });

  it('of more than 16 MB is 413', async () => {
    await start(saying());
    expect((await post(' '.repeat(16 * 1024 * 1024 + 1))).status).toBe(413);
  });
});

describe('an answer that fails', () => {
  it('before its first text is 500', async () => {
    const client = await start(async () => {
      throw new Error('broken');
    });
    await expect(client.chat.completions.create(HELLO)).rejects.toMatchObject({ status: 500 });
  });

  it('later is cut off', async () => {
    await start(async (_, completion) => {
      await completion.text('Hel');
      throw new Error('broken');
    });
    const response = await post(JSON.stringify({ ...HELLO, stream: true }));
    await expect(response.text()).rejects.toThrow('terminated');
  });
});

describe('the server', () => {
  it('lists its models', async () => {
    const client = await start(saying(), ['a/one', 'b/two']);
    expect((await client.models.list()).data.map((model) => model.id)).toEqual(['a/one', 'b/two']);
  });

  it('reads messages whose content is in parts', async () => {
    let read = '';
    const client = await start(async (request) => {
      read = request.messages[0]?.content ?? '';
    });
    const content = [
      { type: 'text' as const, text: 'Hi ' },
      { type: 'text' as const, text: 'there' },
    ];
    await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] });
    expect(read).toBe('Hi there');
  });

  it('closes open connections when it is closed, and can be closed twice', async () => {
    await start(saying());
    const socket = connect(Number(new URL(server.baseURL).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await Promise.all([server.close(), server.close()]);
    await closed;
  });
});

/** The value after it has not changed for ten iterations of the event loop with I/O. */
async function steady(read: () => number): Promise<number> {
  let value = read();
  for (let same = 0; same < 10; ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    same = read() === value ? same + 1 : 0;
    value = read();
  }
  return value;
}
