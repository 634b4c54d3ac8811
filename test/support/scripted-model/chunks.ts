import type { ServerResponse } from 'node:http';
import type { ChatRequest, Completion, Usage } from '@taskflow/demo-model';

/** The steps of a scripted answer. `refuse` is possible only instead of an answer; nothing follows `cut` or `end`. */
export type Chunk =
  | { type: 'text'; text: string }
  /** Reasoning, beside the answer. */
  | { type: 'reasoning'; text: string }
  /** Opens the stream without text: headers and the role. */
  | { type: 'open' }
  /** An SSE comment, as OpenRouter sends to keep a connection alive. */
  | { type: 'comment'; text: string }
  /** The end of the answer. Usage unset: estimated. */
  | { type: 'finish'; reason?: string; usage?: Usage }
  /** An error object amid the stream. */
  | { type: 'error'; error: unknown }
  /** An HTTP error instead of an answer. */
  | { type: 'refuse'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Raw bytes. */
  | { type: 'raw'; text: string }
  /** The body ends properly here, without `[DONE]`. */
  | { type: 'end' }
  /** The socket is destroyed here. */
  | { type: 'cut' };

/**
 * Gives an answer chunk by chunk; each is requested when the one before has been written to the socket.
 * When the iterator ends, the answer finishes with reason `stop`. `signal` fires when the client closes its socket.
 */
export type Script = (request: ChatRequest, signal: AbortSignal) => AsyncIterable<Chunk>;

/** Writes the chunks of a script, up to one after which nothing can follow. */
export async function play(script: AsyncIterable<Chunk>, completion: Completion): Promise<void> {
  for await (const chunk of script) {
    if (completion.isOver) return;
    await write(chunk, completion);
    if (completion.isOver) return;
  }
}

async function write(chunk: Chunk, completion: Completion): Promise<void> {
  const { response } = completion;
  switch (chunk.type) {
    case 'refuse':
      return refuse(response, chunk);
    case 'cut':
      response.destroy();
      return;
    case 'end':
      await completion.send('');
      response.end();
      return;
    case 'error':
      return completion.event({ error: chunk.error, choices: [] });
    case 'finish':
      return completion.finish(chunk.reason, chunk.usage);
    case 'open':
      return completion.send('');
    case 'comment':
      return completion.send(`: ${chunk.text}\n\n`);
    case 'raw':
      return completion.send(chunk.text);
    case 'reasoning':
      return completion.delta({ reasoning: chunk.text });
    case 'text':
      return completion.text(chunk.text);
  }
}

function refuse(
  response: ServerResponse,
  { status, body, headers }: { status: number; body?: unknown; headers?: Record<string, string> },
): void {
  if (response.headersSent) throw new Error('an answer that has begun cannot be refused');
  const error = { message: `refused with ${status}`, type: 'invalid_request_error', param: null, code: null };
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body ?? { error }));
}
