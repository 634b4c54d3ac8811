import type { IncomingMessage } from 'node:http';
import { MAX_MESSAGE_BYTES } from '../graphql/limits.ts';
import { ApiError } from './api-error.ts';

/** The JSON of a request's body. @throws {ApiError} 413 when it is too large, 400 when it is not JSON in UTF-8 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError(400, 'The body is not JSON in UTF-8.', { code: 'invalid_json' });
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_MESSAGE_BYTES) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  // The rest of a body that is too large is not read, and its connection is still needed for the answer.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += part.length;
    if (size > MAX_MESSAGE_BYTES) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge(): ApiError {
  const max = MAX_MESSAGE_BYTES.toLocaleString('en');
  return new ApiError(413, `The body is too large: at most ${max} bytes.`, { code: 'request_too_large' });
}
