import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { ChatRequest } from './chunks.ts';

/** The request was wrong; answered with `status` and OpenAI's shape of an error. */
export class BadRequest extends Error {
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, message: string, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Reads and checks the body of POST /v1/chat/completions.
 *
 * @throws {BadRequest} 400 for what is not a chat request, 413 over 16 MB.
 */
export async function readChatRequest(incoming: IncomingMessage): Promise<ChatRequest> {
  const parsed = bodySchema.safeParse(parseJson(await readBody(incoming)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadRequest(
      400,
      `Invalid request: ${issue?.path.join('.') || 'body'}: ${issue?.message}`,
      'invalid_request',
    );
  }
  const { model, messages, stream, stream_options, max_tokens, max_completion_tokens } = parsed.data;
  return {
    model,
    messages,
    stream,
    includeUsage: stream_options?.include_usage ?? false,
    maxTokens: max_completion_tokens ?? max_tokens ?? null,
    headers: incoming.headers,
  };
}

const LARGEST_BODY = 16 * 1024 * 1024;

const contentSchema = z.union([
  z.string(),
  z.null().transform(() => ''),
  z
    .array(z.looseObject({ type: z.string(), text: z.string().optional() }))
    .transform((parts) => parts.map((part) => part.text ?? '').join('')),
]);

const bodySchema = z.looseObject({
  model: z.string().min(1),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
        content: contentSchema,
      }),
    )
    .min(1),
  stream: z.boolean().nullish().transform(Boolean),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
});

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    size += part.length;
    if (size > LARGEST_BODY) throw new BadRequest(413, 'The request is larger than 16 MB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadRequest(400, 'The body is not JSON', 'invalid_json');
  }
}
