import { z } from 'zod';
import type { LlmMessage } from '../../core/llm/calls/client.ts';
import { badRequest } from './api-error.ts';

/** What the body of a request for a completion says, as far as this server uses it. */
export interface ChatRequest {
  model: string;
  messages: readonly LlmMessage[];
  stream: boolean;
  /** Whether the last chunk of a stream has the tokens. */
  includeUsage: boolean;
  /** The longest answer, in tokens. */
  maxTokens?: number;
  /** Texts before which the answer stops. */
  stop: readonly string[];
}

const ROLES = ['system', 'developer', 'user', 'assistant'] as const;

/** A value as it is quoted in a message. What has values inside is only named: it can be nested deeper than a call stack. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A field that changes what the answer is, and that this server does not have: it may only be absent. */
function without(what: string, isAbsent: (value: unknown) => boolean = isEmpty) {
  return z
    .unknown()
    .refine((value) => value === undefined || value === null || isAbsent(value), {
      message: `is not supported: this server has no ${what}`,
      params: { code: 'unsupported_parameter' },
    })
    .optional();
}

/** Values with which clients say that they do not use a field. */
function isEmpty(value: unknown): boolean {
  return value === false || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

const Part = z.object(
  {
    type: z.literal('text', { error: ({ input }) => `is ${shown(input)}, but only "text" is supported` }),
    text: z.string('must be a string'),
  },
  'must be an object',
);

/** A text, or its parts, which are joined by line breaks. */
const Content = z.preprocess(
  (content) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content),
  z.array(Part, { error: 'must be a string or an array of parts' }).min(1, 'must not be empty'),
);

const Message = z
  .object(
    {
      role: z.enum(ROLES, {
        error: ({ input }) => `is ${shown(input)}, but must be one of ${ROLES.join(', ')}`,
      }),
      tool_calls: without('tools'),
      function_call: without('functions'),
      audio: without('audio'),
      content: Content,
    },
    'must be an object',
  )
  .transform(({ role, content }) => ({
    role: role === 'developer' ? ('system' as const) : role,
    content: content.map(({ text }) => text).join('\n'),
  }));

const tokens = z.int('must be a whole number').min(1, 'must be at least 1').nullish();
const stopText = z.string().min(1, 'must not be empty');

/**
 * The fields of OpenAI's API. What is not here is ignored, such as `temperature`, `top_p`, `seed`, `user`, `metadata`,
 * `store` and the penalties: an answer without them is still an answer to what was asked.
 */
const Body = z.object(
  {
    model: z
      .string('must be a string')
      .min(1, 'must not be empty')
      .max(200, 'must be at most 200 characters'),
    messages: z
      .array(Message, { error: 'must be an array' })
      .min(1, 'must not be empty')
      .max(1_000, 'must have at most 1,000 messages'),
    stream: z.boolean('must be true or false').nullish(),
    stream_options: z
      .object({ include_usage: z.boolean('must be true or false').nullish() }, 'must be an object')
      .nullish(),
    max_tokens: tokens,
    max_completion_tokens: tokens,
    stop: z
      .union([stopText.transform((text) => [text]), z.array(stopText).max(4)], {
        error: 'must be a string or an array of up to 4 strings',
      })
      .nullish(),
    n: without('more than one choice', (value) => value === 1),
    tools: without('tools'),
    tool_choice: without('tools', (value) => value === 'none' || value === 'auto'),
    functions: without('functions'),
    function_call: without('functions', (value) => value === 'none' || value === 'auto'),
    response_format: without('format but text', (value) => (value as { type?: unknown }).type === 'text'),
    modalities: without('modality but text', (value) => Array.isArray(value) && value.every(isText)),
    audio: without('audio'),
    logprobs: without('log probabilities'),
    top_logprobs: without('log probabilities', (value) => value === 0),
    logit_bias: without('bias of tokens'),
    web_search_options: without('search of the web', () => false),
  },
  'The body must be an object.',
);

function isText(value: unknown): boolean {
  return value === 'text';
}

/** Checks the body of a request for a completion. @throws {ApiError} 400 that names the first field that is wrong */
export function chatRequestFrom(body: unknown): ChatRequest {
  const { data, error } = Body.safeParse(body);
  if (error) throw faultOf(error);
  const maxTokens = data.max_completion_tokens ?? data.max_tokens;
  return {
    model: data.model,
    messages: data.messages,
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
    ...(maxTokens && { maxTokens }),
    stop: data.stop ?? [],
  };
}

function faultOf({ issues: [issue] }: z.ZodError) {
  const param = pathOf(issue?.path ?? []);
  const code = issue?.code === 'custom' ? issue.params?.code : undefined;
  if (param === '') return badRequest(null, issue?.message ?? '');
  return badRequest(param, `'${param}' ${issue?.message}.`, code);
}

/** A path as OpenAI writes it, such as `messages[0].content`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
