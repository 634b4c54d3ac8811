import type { ServerResponse } from 'node:http';

/** What an error says beside its status and message. */
export interface ErrorDetails {
  /** For programs, in OpenAI's words where it has one. */
  code: string;
  /** OpenAI's kind of error; unset: follows from the status. */
  type?: string;
  /** Which field of the request is wrong, such as `messages[0].role`. */
  param?: string;
  headers?: Record<string, string>;
}

/** An error in the form of OpenAI's API, which its clients turn into their own classes by the status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #details: ErrorDetails;

  constructor(status: number, message: string, details: ErrorDetails) {
    super(message);
    this.status = status;
    this.headers = details.headers ?? {};
    this.#details = details;
  }

  /** The body of a response, or an event of a stream. */
  get body() {
    const { code, param = null } = this.#details;
    const type = this.#details.type ?? (this.status >= 500 ? 'server_error' : 'invalid_request_error');
    return { error: { message: this.message, type, param, code } };
  }

  /** The same error, which OpenAI's clients do not answer by sending the request again on their own. */
  withoutRetry(): ApiError {
    const headers = { ...this.headers, 'x-should-retry': 'false' };
    return new ApiError(this.status, this.message, { ...this.#details, headers });
  }
}

/** A field of the request is wrong; null: the whole body. */
export function badRequest(param: string | null, message: string, code = 'invalid_value'): ApiError {
  return new ApiError(400, message, { code, ...(param !== null && { param }) });
}

/** Answers with an error. A body that was not read to its end is not read any more, and the connection is closed. */
export function writeError(response: ServerResponse, error: ApiError): void {
  if (response.destroyed || response.writableEnded) return;
  const body = JSON.stringify(error.body);
  response.writeHead(error.status, {
    ...error.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    ...(!response.req.complete && { connection: 'close' }),
  });
  response.end(body);
}
