import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type RawResponse,
  type RawUpstream,
  startRawUpstream,
} from '../../../test/support/scripted-model/raw.ts';
import { createLlm, type LlmChunk } from '../calls/client.ts';
import type { LlmError } from '../errors/errors.ts';

/*
 * What model servers really send, case by case, according to their documentation and public bug reports, over real HTTP.
 * Each case is sent at once and byte by byte: the boundaries of packets must not make a difference.
 */

let upstream: RawUpstream;
beforeAll(async () => {
  upstream = await startRawUpstream();
});
afterAll(() => upstream.close());

interface Answered {
  text: string;
  thinks: boolean;
  end: Extract<LlmChunk, { type: 'end' }> | null;
  fault: LlmError | null;
}

async function ask(response: RawResponse, model = 'some/model'): Promise<Answered> {
  upstream.answer(response);
  const llm = createLlm({ provider: 'custom', baseURL: upstream.baseURL, timeoutMs: 5_000 });
  const answered: Answered = { text: '', thinks: false, end: null, fault: null };
  const messages = [{ role: 'user', content: 'Hi' } as const];
  try {
    for await (const chunk of llm.stream({ model, messages, signal: new AbortController().signal })) {
      if (chunk.type === 'text') answered.text += chunk.text;
      else if (chunk.type === 'thinking') answered.thinks = true;
      else answered.end = chunk;
    }
  } catch (error) {
    answered.fault = error as LlmError;
  }
  return answered;
}

const json = JSON.stringify;
const sse = (...values: (object | string | null)[]) =>
  values.map((value) => `data: ${typeof value === 'string' ? value : json(value)}\n\n`).join('');
const delta = (fields: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason }],
});
const says = (...texts: string[]) => texts.map((content) => delta({ content }));
const STOP = delta({}, 'stop');
const DONE = '[DONE]';
const JSON_TYPE = { 'content-type': 'application/json' };
const whole = (message: object | null, rest: object = { finish_reason: 'stop' }) =>
  json({ object: 'chat.completion', choices: [{ index: 0, message, ...rest }] });

interface Case {
  name: string;
  body: string;
  response?: RawResponse;
  model?: string;
  text?: string;
  thinks?: boolean;
  truncated?: boolean;
  usage?: [input: number, output: number] | null;
  fault?: string;
  says?: RegExp;
}

function holds({ name, body, response, model, ...expected }: Case): void {
  test.each([
    ['at once', [body]],
    ['byte by byte', body.length < 3_000 ? [...body] : (body.match(/[\s\S]{1,97}/g) ?? [])],
  ])(`${name} (%s)`, async (_, parts) => {
    const { text, thinks, end, fault } = await ask({ ...response, body: parts }, model);
    expect(fault?.code ?? null).toBe(expected.fault ?? null);
    expect(text).toBe(expected.text ?? '');
    expect(thinks).toBe(expected.thinks ?? false);
    if (expected.says) expect(fault?.message).toMatch(expected.says);
    if (fault) return;
    expect(end?.isTruncated).toBe(expected.truncated ?? false);
    if (expected.usage === undefined) return;
    const { inputTokens, outputTokens } = end?.usage ?? {};
    expect(end?.usage ? [inputTokens, outputTokens] : null).toEqual(expected.usage);
  });
}

describe('the content of an answer', () => {
  const parts = (...list: object[]) => delta({ content: list });
  const cases: Case[] = [
    {
      name: 'as parts, thoughts among them, as Mistral sends it',
      body: sse(
        parts({ type: 'thinking', thinking: [{ type: 'text', text: 'The user asks' }] }),
        parts({ type: 'text', text: 'Hel' }, { type: 'text', text: 'lo' }),
        delta({ content: '!' }),
        STOP,
        DONE,
      ),
      text: 'Hello!',
      thinks: true,
    },
    {
      name: 'as parts, in one piece',
      body: whole({
        content: [{ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'Hello!' }, 'And'],
      }),
      response: { headers: JSON_TYPE },
      text: 'Hello!And',
      thinks: true,
    },
    {
      name: 'of the older protocol',
      body: sse({ choices: [{ text: 'Hel' }] }, { choices: [{ text: 'lo', finish_reason: 'stop' }] }, DONE),
      text: 'Hello',
    },
    {
      name: 'of the older protocol in one piece',
      body: json({ choices: [{ text: 'Hello', index: 0, finish_reason: 'stop' }] }),
      text: 'Hello',
    },
    {
      name: 'under message in each chunk',
      body: sse(
        { choices: [{ message: { content: 'Hel' } }] },
        { choices: [{ message: { content: 'lo' }, finish_reason: 'stop' }] },
      ),
      text: 'Hello',
    },
    {
      name: 'under message, the whole text again at the end',
      body: sse(...says('Hel', 'lo'), {
        choices: [{ delta: {}, message: { content: 'Hello' }, finish_reason: 'stop' }],
      }),
      text: 'Hello',
    },
    {
      name: 'of the first choice only',
      body: sse(
        {
          choices: [
            { index: 1, delta: { content: 'B' } },
            { index: 0, delta: { content: 'A' } },
          ],
        },
        { choices: [{ index: 1, delta: { content: 'b' } }] },
        STOP,
        DONE,
      ),
      text: 'A',
    },
    {
      name: 'of a choice whose number is a text, after fields for errors that hold none',
      body: sse({ detail: null, errors: [] }, { choices: [{ index: '0', delta: { content: 'A' } }] }, DONE),
      text: 'A',
    },
    {
      name: 'after chunks without choices, as Azure begins',
      body: sse({ choices: [], prompt_filter_results: [] }, ...says('Hi'), STOP, DONE),
      text: 'Hi',
    },
    {
      name: 'that is a refusal in its own field',
      body: sse(delta({ refusal: 'I cannot ' }), delta({ refusal: 'do that.' }), STOP, DONE),
      text: 'I cannot do that.',
    },
    { name: 'that is a refusal, in one piece', body: whole({ content: null, refusal: 'No.' }), text: 'No.' },
    {
      name: 'with characters outside the first plane',
      body: sse(...says('👋', 'é', '漢字'), STOP, DONE),
      text: '👋é漢字',
    },
    { name: 'that begins with blanks', body: sse(...says('\n', '\n', 'Hi'), STOP, DONE), text: '\n\nHi' },
  ];
  for (const each of cases) holds(each);
});

describe('text that is sent in full in every chunk', () => {
  const sofar = (...texts: string[]) => says(...texts.map((_, at) => texts.slice(0, at + 1).join('')));
  const cases: Case[] = [
    {
      name: 'is read as the whole text so far',
      body: sse(...sofar('The ', 'quick ', 'brown ', 'fox'), STOP, DONE),
      text: 'The quick brown fox',
    },
    {
      name: 'also from its first character on',
      body: sse(...sofar('1', '0', ' is', ' ten.'), STOP, DONE),
      text: '10 is ten.',
    },
    {
      name: 'also where a chunk adds nothing',
      body: sse(...sofar('Hello ', 'to you', '', ' all'), STOP, DONE),
      text: 'Hello to you all',
    },
    {
      name: 'also with a finish reason in its last chunk',
      body: sse(...sofar('Hello ', 'you'), delta({ content: 'Hello you' }, 'stop'), DONE),
      text: 'Hello you',
    },
    { name: 'also of one word', body: sse(...says('Yes'), delta({ content: 'Yes' }, 'stop')), text: 'Yes' },
    { name: 'also of two', body: sse(...says('Yes', 'Yes, I do'), STOP, DONE), text: 'Yes, I do' },
    {
      name: 'also after blanks',
      body: sse(...sofar('\n\n', 'Hello', ' you'), STOP, DONE),
      text: '\n\nHello you',
    },
    {
      name: 'also where its last character changes',
      body: sse(...says('Hello wor\uFFFD', 'Hello world\u00e9 and all'), STOP, DONE),
      text: 'Hello wor\uFFFDdé and all',
    },
    {
      name: 'also where half a character ends one of its first chunks',
      body: sse(...says('Hi', 'Hi wor\uFFFD', 'Hi wor\u{1F642}ld', 'Hi wor\u{1F642}ld!'), STOP, DONE),
      text: 'Hi wor\u{1F642}ld!',
    },
    {
      name: 'also where half a character ends a later one',
      body: sse(...says('Hello', 'Hello you', 'Hello you \uFFFD', 'Hello you \u{1F642}!'), STOP, DONE),
      text: 'Hello you \u{1F642}!',
    },
    {
      name: 'is not detected in repeated words',
      body: sse(...says('ha', 'ha', 'ha', ' ha', '!'), STOP, DONE),
      text: 'hahaha ha!',
    },
    {
      name: 'is not detected in repeated digits',
      body: sse(...says('1', '1', '10', '0'), STOP, DONE),
      text: '11100',
    },
    {
      name: 'is not detected in a longer repetition',
      body: sse(...says('哈', '哈哈', '!', '哈'), STOP, DONE),
      text: '哈哈哈!哈',
    },
    {
      name: 'is not detected in blanks',
      body: sse(...says('a', '\n', '\n', '\n\n', 'b'), STOP, DONE),
      text: 'a\n\n\n\nb',
    },
    {
      name: 'is not detected in a line that the answer repeats',
      body: sse(...says('One line.\n', 'Two lines.\n', 'One line.\n', 'One line.\nTwo lines.\n'), STOP, DONE),
      text: 'One line.\nTwo lines.\nOne line.\nOne line.\nTwo lines.\n',
    },
  ];
  for (const each of cases) holds(each);
});

describe('thoughts', () => {
  const field = (name: string, value: unknown = 'let me see') =>
    sse(delta({ role: 'assistant', content: '', [name]: value }), ...says('42'), STOP, DONE);
  const tokens = (text: string) => sse(...says(...(text.match(/<\/?think>|\S+\s*|\s+/g) ?? [])), STOP, DONE);
  const cases: Case[] = [
    ...['reasoning', 'reasoning_content', 'thinking'].map((name) => ({
      name: `in ${name}`,
      body: field(name),
      text: '42',
      thinks: true,
    })),
    {
      name: 'in reasoning_details',
      body: field('reasoning_details', [{ type: 'reasoning.text', text: 'hm' }]),
      text: '42',
      thinks: true,
    },
    { name: 'in reasoning as an object', body: field('reasoning', { text: 'hm' }), text: '42', thinks: true },
    { name: 'that are empty', body: field('reasoning_content', ''), text: '42' },
    {
      name: 'in a field, in one piece',
      body: whole({ content: '42', reasoning_content: 'hm' }),
      text: '42',
      thinks: true,
    },
    {
      name: 'between tags',
      body: tokens('<think>\nlet me see\n</think>\n\nIt is 42.'),
      text: 'It is 42.',
      thinks: true,
    },
    {
      name: 'between tags in one chunk',
      body: sse(...says('<think>hm</think>42'), STOP, DONE),
      text: '42',
      thinks: true,
    },
    {
      name: 'between tags that are split',
      body: sse(...says('<', 'thi', 'nk', '>h', 'm</', 'thin', 'k', '>\n', '\n42'), STOP, DONE),
      text: '42',
      thinks: true,
    },
    { name: 'between tags, after blanks', body: tokens('\n<think>hm</think> 42'), text: '42', thinks: true },
    {
      name: 'between tags, twice',
      body: tokens('<think>hm</think>\n<think>hm</think>\n42'),
      text: '42',
      thinks: true,
    },
    {
      name: 'between tags, with nothing between',
      body: tokens('<think>\n\n</think>\n\n42'),
      text: '42',
      thinks: true,
    },
    {
      name: 'between tags, in one piece',
      body: whole({ content: '<think>hm</think>\n42' }),
      text: '42',
      thinks: true,
    },
    { name: 'between other tags', body: tokens('<thought>hm</thought>42'), text: '42', thinks: true },
    {
      name: "between Magistral's tags",
      body: sse(...says('[THINK]hm', '[/THINK]', '42'), STOP, DONE),
      text: '42',
      thinks: true,
    },
    ...[
      ['Seed', '<seed:think>', '</seed:think>'],
      ['Kimi', '◁think▷', '◁/think▷'],
      ['gpt-oss', '<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
      ['Gemma 4', '<|channel>thought\n', '<channel|>'],
    ].map(([maker, opening, closing]) => ({
      name: `between the tags of ${maker}`,
      body: sse(...says(...`${opening}hm${closing}42`), STOP, DONE),
      text: '42',
      thinks: true,
    })),
    {
      name: 'between tags, in text that is sent in full in every chunk',
      body: sse(
        ...says('<think>', '<think>hm', '<think>hm</think>', '<think>hm</think>4', '<think>hm</think>42'),
        STOP,
        DONE,
      ),
      text: '42',
      thinks: true,
    },
    {
      name: 'before a lone closing tag, of a model that is known for it',
      model: 'deepseek-r1:7b',
      body: tokens('Okay, let me see.\n</think>\n\nIt is 42.'),
      text: 'It is 42.',
      thinks: true,
    },
    {
      name: 'before a lone closing tag that is split',
      model: 'Qwen/Qwen3.5-9B',
      body: sse(...says('Okay, ', 'so</th', 'ink>', '\n\nIt is', ' 42.'), STOP, DONE),
      text: 'It is 42.',
      thinks: true,
    },
    {
      name: 'before a lone closing tag, in one piece',
      body: whole({ content: 'Okay, let me see.\n</think>\n\n42' }),
      text: '42',
      thinks: true,
    },
    {
      name: 'before a lone closing tag, in one chunk',
      body: sse(...says('Okay.</think>\n42'), STOP, DONE),
      text: '42',
      thinks: true,
    },
    {
      name: 'are not assumed when a model that is known for them writes no tag',
      model: 'deepseek-r1',
      body: tokens('It is 42.'),
      text: 'It is 42.',
      thinks: true,
    },
    {
      name: 'in a field, of a model that is known for tags',
      model: 'deepseek-r1',
      body: sse(delta({ reasoning_content: 'hm' }), ...says('42', ' it is'), STOP, DONE),
      text: '42 it is',
      thinks: true,
    },
    {
      name: 'are not detected in an answer about tags',
      body: tokens('Write `<think>` and then `</think>` around it.'),
      text: 'Write `<think>` and then `</think>` around it.',
    },
    {
      name: 'are not detected in a quoted closing tag',
      body: sse(...says('End with `', '</think>', '`, please.'), STOP, DONE),
      text: 'End with `</think>`, please.',
    },
    {
      name: 'are not detected in text that only begins like a tag',
      body: sse(...says('<', 'thead>', '...'), STOP, DONE),
      text: '<thead>...',
    },
    {
      name: 'are not detected in an unfinished tag at the end of the answer',
      body: sse(...says('<thi'), STOP, DONE),
      text: '<thi',
    },
  ];
  for (const each of cases) holds(each);

  test('the text of a model that has sent a lone closing tag is held back from then on', async () => {
    const llm = createLlm({ provider: 'custom', baseURL: upstream.baseURL });
    upstream.answer({ body: [sse(...says('Hm. ', 'So.', '\n', '</think>', '\n', '42'), STOP, DONE)] });
    const heard = async () => {
      let text = '';
      const messages = [{ role: 'user', content: 'Hi' } as const];
      for await (const chunk of llm.stream({ model: 'new', messages, signal: new AbortController().signal }))
        if (chunk.type === 'text') text += chunk.text;
      return text;
    };
    expect(await heard()).toBe('Hm. So.\n42');
    expect(await heard()).toBe('42');
  });
});

describe('the end', () => {
  const cases: Case[] = [
    {
      name: 'is [DONE], though the connection stays open',
      body: sse(...says('Hi'), DONE),
      response: { ending: 'hang' },
      text: 'Hi',
    },
    {
      name: 'is [DONE] after a finish reason, though the connection stays open',
      body: sse(...says('Hi'), STOP, DONE),
      response: { ending: 'hang' },
      text: 'Hi',
    },
    {
      name: 'is not a finish reason in every chunk, as Gemini sends it',
      body: sse(
        delta({ content: 'One ' }, 'STOP'),
        delta({ content: 'two ' }, 'STOP'),
        delta({ content: 'three' }, 'STOP'),
        DONE,
      ),
      text: 'One two three',
    },
    {
      name: 'is not a finish reason before more text',
      body: sse(...says('One '), STOP, ...says('two'), STOP, DONE),
      text: 'One two',
    },
    {
      name: 'without a blank line counts',
      body: `${sse(...says('Hi'))}data: ${json(delta({ content: ' you' }, 'stop'))}`,
      text: 'Hi you',
    },
    { name: 'without a blank line, [DONE]', body: `${sse(...says('Hi'))}data: [DONE]`, text: 'Hi' },
    { name: 'without a finish reason is [DONE]', body: sse(...says('Hi'), DONE), text: 'Hi' },
    { name: 'without [DONE] is a finish reason', body: sse(...says('Hi'), STOP), text: 'Hi' },
    {
      name: 'without either is cut short',
      body: sse(...says('Hi')),
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'without either is cut short, before the first word',
      body: sse(delta({ role: 'assistant' })),
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'of a cut connection, where every chunk has a finish reason, is cut short',
      body: sse(delta({ content: 'One ' }, 'STOP'), delta({ content: 'two ' }, 'STOP')),
      response: { ending: 'cut' },
      text: 'One two ',
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'of a cut connection after a finish reason is whole',
      body: sse(...says('Hi'), STOP),
      response: { ending: 'cut' },
      text: 'Hi',
    },
    ...['length', 'LENGTH', 'MAX_TOKENS', 'max_tokens', 'model_length'].map((reason) => ({
      name: `at the limit: ${reason}`,
      body: sse(...says('Once upon'), delta({}, reason), DONE),
      text: 'Once upon',
      truncated: true,
    })),
    {
      name: 'at the limit, in one piece',
      body: whole({ content: 'Once upon' }, { finish_reason: 'length' }),
      text: 'Once upon',
      truncated: true,
    },
    ...['SAFETY', 'PROHIBITED_CONTENT', 'content_filter', 'Content_Filter', 'refusal', 'RECITATION'].map(
      (reason) => ({
        name: `by a filter: ${reason}`,
        body: sse(...says('Once upon'), delta({}, reason), DONE),
        text: 'Once upon',
        fault: 'CONTENT_BLOCKED',
      }),
    ),
    {
      name: "by a filter, with the provider's own name for it, before the first word",
      body: sse(delta({}, 'content_filter: PROHIBITED_CONTENT'), DONE),
      fault: 'CONTENT_BLOCKED',
    },
    {
      name: 'by a filter, with text in the same chunk',
      body: sse(...says('Once '), delta({ content: 'upon' }, 'SAFETY')),
      text: 'Once upon',
      fault: 'CONTENT_BLOCKED',
    },
    {
      name: 'by a filter, in one piece',
      body: whole({ content: 'Once' }, { finish_reason: 'content_filter' }),
      text: 'Once',
      fault: 'CONTENT_BLOCKED',
    },
    ...['ERROR', 'error', 'insufficient_system_resource', 'network_error'].map((reason) => ({
      name: `by a fault: ${reason}`,
      body: sse(...says('Once upon'), delta({}, reason), DONE),
      text: 'Once upon',
      fault: 'SERVICE_UNAVAILABLE',
    })),
    ...['stop', 'STOP', 'eos', 'end_turn', 'FINISH_REASON_UNSPECIFIED'].map((reason) => ({
      name: `of itself: ${reason}`,
      body: sse(...says('Hi'), delta({}, reason), DONE),
      text: 'Hi',
    })),
  ];
  for (const each of cases) holds(each);
});

describe('an answer without a word is a fault', () => {
  const cases: Case[] = [
    { name: '[DONE] alone', body: sse(DONE) },
    { name: 'stop without content', body: sse(delta({ role: 'assistant', content: '' }), STOP, DONE) },
    { name: 'content null', body: sse(delta({ content: null }), STOP, DONE) },
    { name: 'content null in one piece', body: whole({ content: null }) },
    { name: 'content empty in one piece', body: whole({ content: '' }) },
    { name: 'no message in one piece', body: whole(null) },
    { name: 'no choices in one piece', body: json({ choices: [] }) },
    { name: 'blanks', body: sse(...says(' ', '\n\n'), STOP, DONE) },
    { name: 'invisible characters', body: sse(...says('\u200B', '\u200B '), STOP, DONE) },
    { name: 'an empty list', body: '[]', response: { headers: JSON_TYPE } },
    { name: 'an event for an error that says nothing', body: 'event: error\ndata: {}\n\n' },
    { name: 'thoughts in a field', body: sse(delta({ reasoning_content: 'hm' }), STOP, DONE), thinks: true },
    {
      name: 'thoughts between tags',
      body: sse(...says('<think>', 'hm'), delta({}, 'length'), DONE),
      thinks: true,
    },
    {
      name: 'thoughts as parts',
      body: sse(delta({ content: [{ type: 'thinking', thinking: 'hm' }] }), STOP, DONE),
      thinks: true,
    },
    {
      name: 'tool calls',
      body: sse(
        delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '{}' } }] }),
        delta({}, 'tool_calls'),
        DONE,
      ),
    },
    {
      name: 'tool calls in one piece',
      body: whole({ content: null, tool_calls: [{ id: 'x' }] }, { finish_reason: 'tool_calls' }),
    },
    { name: 'an error that says nothing', body: sse({ type: 'error' }) },
    { name: 'an error that says nothing, as the body', body: json({ type: 'error' }) },
    {
      name: 'a chunk without choices',
      body: sse({ choices: null, usage: { prompt_tokens: 1, completion_tokens: 0 } }, DONE),
    },
    { name: 'a completion without choices', body: '{}' },
    { name: 'null', body: sse(null, DONE) },
    { name: 'status 204', body: '', response: { status: 204 } },
    { name: 'an empty body', body: '' },
    {
      name: 'a picture',
      body: sse(delta({ content: [{ type: 'image_url', image_url: { url: 'x' } }] }), STOP, DONE),
    },
  ];
  for (const each of cases) holds({ fault: 'NO_ANSWER', ...each });

  test('except for a request to continue an answer', async () => {
    upstream.answer({ body: [sse(STOP, DONE)] });
    const llm = createLlm({ provider: 'custom', baseURL: upstream.baseURL });
    const request = { model: 'm', messages: [], mayBeEmpty: true, signal: new AbortController().signal };
    const chunks: LlmChunk[] = [];
    for await (const chunk of llm.stream(request)) chunks.push(chunk);
    expect(chunks).toMatchObject([{ type: 'end', finishReason: 'stop' }]);
  });
});

describe('a stream', () => {
  const hi = json(delta({ content: 'Hi' }));
  const cases: Case[] = [
    {
      name: 'that is labelled as JSON',
      body: sse(...says('Hi'), STOP, DONE),
      response: { headers: JSON_TYPE },
      text: 'Hi',
    },
    {
      name: 'that is labelled as text',
      body: sse(...says('Hi'), STOP, DONE),
      response: { headers: { 'content-type': 'text/plain' } },
      text: 'Hi',
    },
    { name: 'without a label', body: sse(...says('Hi'), STOP, DONE), response: { headers: {} }, text: 'Hi' },
    { name: 'that is one completion labelled as a stream', body: whole({ content: 'Hi' }), text: 'Hi' },
    {
      name: 'of mixed line ends',
      body: `data: ${hi}\r\n\r\n: ping\r\rdata: ${json(delta({ content: ' you' }))}\r\rdata: ${json(STOP)}\n\ndata:[DONE]\r\n\r\n`,
      text: 'Hi you',
    },
    { name: 'with a byte order mark', body: `\uFEFF${sse(...says('Hi'), STOP, DONE)}`, text: 'Hi' },
    { name: 'with data that is null', body: sse(null, ...says('Hi'), null, STOP, DONE), text: 'Hi' },
    {
      name: 'with data that is empty',
      body: `data:\n\ndata: \n\n${sse(...says('Hi'), STOP, DONE)}`,
      text: 'Hi',
    },
    {
      name: 'with a comment behind data',
      body: `data: : OPENROUTER PROCESSING\n\n${sse(...says('Hi'), STOP, DONE)}`,
      text: 'Hi',
    },
    {
      name: 'with comments and pings',
      body: `: OPENROUTER PROCESSING\n\nevent: ping\ndata: {"type":"ping"}\n\n${sse(...says('Hi'), STOP, DONE)}`,
      text: 'Hi',
    },
    {
      name: 'with names of events, ids and retries',
      body: `retry: 100\nid: 1\nevent: chunk\ndata: ${hi}\n\n${sse(STOP, DONE)}`,
      text: 'Hi',
    },
    {
      name: 'without blank lines between its events',
      body: `data: ${hi}\ndata: ${json(STOP)}\ndata: [DONE]\n\n`,
      text: 'Hi',
    },
    { name: 'with data: twice', body: `data: data: ${hi}\n\ndata: data: [DONE]\n\n`, text: 'Hi' },
    {
      name: 'that ends with an event for an error, its fields alone',
      body: `data: ${hi}\n\nevent: error\ndata: {"message":"The model has crashed","type":"server_error"}\n\n`,
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
      says: /has crashed/,
    },
    { name: 'that begins with blank lines', body: `\n\n\n${sse(...says('Hi'), STOP, DONE)}`, text: 'Hi' },
    { name: 'of JSON, one value per line', body: `${hi}\n${json(STOP)}\n`, text: 'Hi' },
    { name: 'of JSON, as a list', body: json([...says('Hi'), STOP]), text: 'Hi' },
    {
      name: 'with data that is not JSON',
      body: `${sse(...says('Hi'))}data: {"choices":[{\n\n`,
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'that is half a completion',
      body: whole({ content: 'Hi' }).slice(0, -5),
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'that is a web page',
      body: '<!doctype html><html></html>',
      response: { headers: { 'content-type': 'text/html' } },
      fault: 'SERVICE_UNAVAILABLE',
      says: /base URL/,
    },
    {
      name: 'that is a web page labelled as a stream',
      body: '<html></html>',
      fault: 'SERVICE_UNAVAILABLE',
      says: /base URL/,
    },
    { name: 'that is a sentence', body: 'Hello, I am a server.', fault: 'SERVICE_UNAVAILABLE' },
  ];
  for (const each of cases) holds(each);
});

describe('tokens', () => {
  const counted = (...usages: object[]) => sse(...says('Hi'), STOP, ...usages, DONE);
  const cases: Case[] = [
    {
      name: 'by OpenAI',
      body: counted({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } }),
      usage: [7, 2],
    },
    {
      name: 'by Groq',
      body: counted({ choices: [], x_groq: { id: 'x', usage: { prompt_tokens: 7, completion_tokens: 2 } } }),
      usage: [7, 2],
    },
    {
      name: "by Anthropic's names",
      body: counted({ choices: [], usage: { input_tokens: 7, output_tokens: 2 } }),
      usage: [7, 2],
    },
    {
      name: 'in the choice',
      body: sse(
        ...says('Hi'),
        {
          choices: [
            { index: 0, delta: {}, finish_reason: 'stop', usage: { prompt_tokens: 7, completion_tokens: 2 } },
          ],
        },
        DONE,
      ),
      usage: [7, 2],
    },
    {
      name: 'that grow',
      body: sse(
        { ...delta({ content: 'Hi' }), usage: { prompt_tokens: 7, completion_tokens: 1 } },
        { ...STOP, usage: { prompt_tokens: 7, completion_tokens: 2 } },
        DONE,
      ),
      usage: [7, 2],
    },
    {
      name: 'that zeros follow',
      body: counted(
        { choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } },
        { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
      ),
      usage: [7, 2],
    },
    {
      name: 'that are zeros',
      body: counted({ choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } }),
      usage: null,
    },
    {
      name: 'under one name, beside zeros under another',
      body: counted({
        choices: [],
        usage: { prompt_tokens: 0, completion_tokens: 0, input_tokens: 7, output_tokens: 2 },
      }),
      usage: [7, 2],
    },
    {
      name: 'by Groq, beside an empty usage',
      body: counted({
        choices: [],
        usage: {},
        x_groq: { usage: { prompt_tokens: 7, completion_tokens: 2 } },
      }),
      usage: [7, 2],
    },
    { name: 'that are null', body: counted({ choices: [], usage: null }), usage: null },
    {
      name: 'of a completion in one piece',
      body: json({
        choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 2 },
      }),
      usage: [7, 2],
    },
  ];
  for (const each of cases) holds({ ...each, text: 'Hi' });
});

describe('an error', () => {
  const status = (code: number, body: object | string): Pick<Case, 'body' | 'response'> => ({
    body: typeof body === 'string' ? body : json(body),
    response: {
      status: code,
      headers: typeof body === 'string' ? { 'content-type': 'text/html' } : JSON_TYPE,
    },
  });
  const cases: Case[] = [
    {
      name: "in OpenAI's form",
      ...status(400, { error: { message: 'temperature is too hot', type: 'invalid_request_error' } }),
      fault: 'UNKNOWN',
      says: /^temperature is too hot$/,
    },
    {
      name: 'as a sentence, from Ollama',
      ...status(400, { error: 'temperature is too hot' }),
      fault: 'UNKNOWN',
      says: /^temperature is too hot$/,
    },
    {
      name: 'flat, from Mistral and older vLLM',
      ...status(400, {
        object: 'error',
        message: 'temperature is too hot',
        type: 'BadRequestError',
        code: 400,
      }),
      fault: 'UNKNOWN',
      says: /^temperature is too hot$/,
    },
    {
      name: "as FastAPI's detail",
      ...status(422, { detail: 'temperature is too hot' }),
      fault: 'UNKNOWN',
      says: /^temperature is too hot$/,
    },
    {
      name: "as FastAPI's list of details",
      ...status(422, {
        detail: [{ loc: ['body', 'temperature'], msg: 'temperature is too hot', type: 'value_error' }],
      }),
      fault: 'UNKNOWN',
      says: /temperature is too hot/,
    },
    {
      name: 'as a list, from Gemini',
      ...status(400, [
        { error: { code: 400, message: 'temperature is too hot', status: 'INVALID_ARGUMENT' } },
      ]),
      fault: 'UNKNOWN',
      says: /^temperature is too hot$/,
    },
    {
      name: "as an object in the message, from Mistral's validation",
      ...status(422, { object: 'error', message: { detail: [{ msg: 'temperature is too hot' }] } }),
      fault: 'UNKNOWN',
      says: /temperature is too hot/,
    },
    {
      name: 'as plain text',
      ...status(400, 'temperature is too hot'),
      fault: 'UNKNOWN',
      says: /^temperature is too hot$/,
    },
    {
      name: "as a proxy's page",
      ...status(502, '<html><head><style>a{}</style></head><body><h1>502 Bad Gateway</h1></body></html>'),
      fault: 'SERVICE_UNAVAILABLE',
      says: /^502 Bad Gateway$/,
    },
    {
      name: 'in the stream',
      body: sse(...says('Hi'), { error: { message: 'overloaded', code: 503 } }),
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
      says: /overloaded/,
    },
    {
      name: 'in the stream as a sentence',
      body: sse(...says('Hi'), { error: 'the model runner stopped: out of memory' }),
      text: 'Hi',
      fault: 'UNKNOWN',
      says: /out of memory/,
    },
    {
      name: "in the stream, in Anthropic's form",
      body: `${sse(...says('Hi'))}event: error\ndata: ${json({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })}\n\n`,
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'in the stream, flat, from vLLM',
      body: sse({ object: 'error', message: 'engine is dead', type: 'InternalServerError', code: 500 }),
      fault: 'SERVICE_UNAVAILABLE',
      says: /engine is dead/,
    },
    {
      name: 'in the stream that says nothing',
      body: sse(...says('Hi'), { type: 'error' }),
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'in the stream, bare',
      body: `${sse(...says('Hi'))}${json({ error: { message: 'overloaded', code: 503 } })}\n`,
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
    },
    {
      name: 'in the stream, in its own field, from llama.cpp',
      body: `${sse(...says('Hi'))}error: ${json({ code: 500, message: 'slot failed', type: 'server_error' })}\n\n`,
      text: 'Hi',
      fault: 'SERVICE_UNAVAILABLE',
      says: /slot failed/,
    },
    {
      name: 'bare, as the body of a stream',
      body: json({ error: { message: 'Insufficient credits', code: 402 } }),
      fault: 'QUOTA_EXCEEDED',
    },
    {
      name: 'bare, labelled as text',
      body: json({ error: { message: 'no', code: 401 } }),
      response: { headers: { 'content-type': 'text/plain' } },
      fault: 'PERMISSION_DENIED',
    },
    {
      name: 'in a choice',
      body: sse({
        choices: [
          { index: 0, delta: {}, error: { code: 502, message: 'Provider down' }, finish_reason: 'error' },
        ],
      }),
      fault: 'SERVICE_UNAVAILABLE',
    },
  ];
  for (const each of cases) holds(each);
});
