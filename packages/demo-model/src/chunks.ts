import type { IncomingHttpHeaders } from 'node:http';

/** A chat completion request as the upstream understood it. */
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

/** What an upstream says, in order. Nothing but `refuse` may come instead of an answer; nothing comes after `cut` or `end`. */
export type UpstreamChunk =
  | { type: 'text'; text: string }
  /** Thinking aloud, beside the answer. */
  | { type: 'reasoning'; text: string }
  /** Opens the stream without text: headers and the role. */
  | { type: 'open' }
  /** An SSE comment, as OpenRouter sends to keep a connection awake. */
  | { type: 'comment'; text: string }
  /** The end of the answer. Usage unset: estimated at four characters a token. */
  | { type: 'finish'; reason?: string; usage?: Usage }
  /** An error object amid the stream. */
  | { type: 'error'; error: unknown }
  /** An HTTP error instead of an answer. */
  | { type: 'refuse'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Bytes as they are. */
  | { type: 'raw'; text: string }
  /** The body ends tidily here, without `[DONE]`. */
  | { type: 'end' }
  /** The socket is destroyed here. */
  | { type: 'cut' };

/** OpenAI's shape. */
export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/**
 * Gives an answer piece by piece; each piece is asked for when the one before has been written to the socket.
 * A stream that just ends is finished with reason `stop`. `signal` fires when the client closes its socket: then nobody listens.
 */
export type Answerer = (
  request: ChatRequest,
  context: { signal: AbortSignal },
) => AsyncIterable<UpstreamChunk>;
