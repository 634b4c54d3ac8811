import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { answerTo } from './answer.ts';
import { MODEL_PACE, type Pace, startDemoModel } from './demo-model.ts';
import { piecesOf } from './pieces.ts';
import type { ChatServer } from './server.ts';

let server: ChatServer | undefined;
afterEach(() => server?.close());

const AT_ONCE: Pace = { firstToken: [0, 0], nextToken: [0, 0] };
const HELP = { model: 'demo', messages: [{ role: 'user' as const, content: 'help' }] };

async function start(pace?: Pace): Promise<OpenAI> {
  server = await startDemoModel(pace);
  return new OpenAI({ baseURL: server.baseURL, apiKey: 'any', maxRetries: 0, logLevel: 'off' });
}

describe('the demo model', () => {
  it('is the only model in its list', async () => {
    const client = await start();
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['demo']);
  });

  it('streams its answer in many small pieces, which join to the whole answer', async () => {
    const client = await start(AT_ONCE);
    const texts: string[] = [];
    let finishReason: string | null = null;
    for await (const { choices } of await client.chat.completions.create({ ...HELP, stream: true })) {
      if (choices[0]?.delta.content) texts.push(choices[0].delta.content);
      finishReason = choices[0]?.finish_reason ?? finishReason;
    }
    expect(texts.join('')).toBe(answerTo(HELP.messages));
    expect(texts.length).toBeGreaterThan(80);
    expect(finishReason).toBe('stop');
  });

  it('stops at max_tokens with the finish reason length', async () => {
    const client = await start(AT_ONCE);
    const { choices } = await client.chat.completions.create({ ...HELP, max_tokens: 3 });
    expect(choices[0]).toMatchObject({ message: { content: "I'm" }, finish_reason: 'length' });
  });

  it('waits before the first token like a model', async () => {
    const client = await start();
    const started = performance.now();
    await client.chat.completions.create({ ...HELP, max_tokens: 1 });
    // A timer may fire up to a millisecond early by this clock.
    expect(performance.now() - started).toBeGreaterThanOrEqual(MODEL_PACE.firstToken[0] - 1);
  });
});

describe('the pieces of a text', () => {
  it.each(['Hello, world!  Two  spaces\n\n- *list*', 'नमस्ते! 元気？', '👩‍👩‍👧 a👍🏽b', 'unbelievably long'])(
    'join to it, are short and split no character: %s',
    (text) => {
      const pieces = piecesOf(text);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(10);
    },
  );
});
