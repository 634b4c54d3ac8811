import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import * as z from 'zod';

/** The fields of a chat completion request that the server uses. */
export interface ChatRequest {
  model: string;
  messages: readonly ChatMessage[];
  stream: boolean;
  includeUsage: boolean;
  maxTokens: number | null;
  headers: IncomingHttpHeaders;
}

export interface ChatMessage {
  role: string;
  content: string;
}

/** The request is wrong; it is answered with `status` and an error in OpenAI's form. */
export class BadRequest extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, message: string, code: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Reads and checks the body of POST /v1/chat/completions.
 *
 * @throws {BadRequest} 400 if it is not a chat request, 413 if it is over 16 MB.
 */
export async function readChatRequest(incoming: IncomingMessage): Promise<ChatRequest> {
  const { data, error } = bodySchema.safeParse(await readJson(incoming));
  if (error) {
    const [issue] = error.issues;
    const at = issue?.path.join('.') || 'body';
    throw new BadRequest(400, `Invalid request: ${at}: ${issue?.message}`, 'invalid_request');
  }
  return {
    model: data.model,
    messages: data.messages,
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
    maxTokens: data.max_completion_tokens ?? data.max_tokens ?? null,
    headers: incoming.headers,
  };
}

const LARGEST_BODY = 16 * 1024 * 1024;

const partsSchema = z
  .array(z.object({ text: z.string().default('') }))
  .transform((parts) => parts.map(({ text }) => text).join(''));

const bodySchema = z.object({
  model: z.string().min(1),
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
        content: z.union([z.string(), z.null().transform(() => ''), partsSchema]),
      }),
    )
    .min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
});

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    size += part.length;
    if (size > LARGEST_BODY) throw new BadRequest(413, 'The request is larger than 16 MB', 'too_large');
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new BadRequest(400, 'The body is not JSON', 'invalid_json');
  }
}
