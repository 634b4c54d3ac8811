import type { Data } from './harness.ts';

/** An event as an event source would dispatch it. `id` is null if the event has none. */
export interface SentEvent {
  id: string | null;
  event: string;
  data: Data;
}

/** Reads a streamed response in pieces, which a delimiter separates. */
export class StreamReader {
  readonly #response: Response;
  readonly #pieces: AsyncGenerator<string>;

  constructor(response: Response, mark: string) {
    this.#response = response;
    this.#pieces = piecesOf(response, mark);
  }

  /** The text up to the next delimiter. Rejects if the response ends instead. */
  async piece(): Promise<string> {
    const { value, done } = await this.#pieces.next();
    if (done) throw new Error('the response has ended');
    return value;
  }

  /** The next server-sent event, past the comments. */
  async event(): Promise<SentEvent> {
    for (;;) {
      const lines = (await this.piece()).split('\n').filter((line) => !line.startsWith(':'));
      const fields = new Map(lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
      const data = fields.get('data');
      if (data === undefined) continue;
      const event = fields.get('event') ?? 'message';
      return { id: fields.get('id') ?? null, event, data: data === '' ? null : JSON.parse(data) };
    }
  }

  /** The next part of a multipart response, past the heartbeats: a message of Apollo's protocol. */
  async part(): Promise<Data> {
    for (;;) {
      const piece = await this.piece();
      const [head = '', body] = piece.split('\r\n\r\n', 2);
      if (body === undefined || body === '{}') continue;
      if (!/^\r\nContent-Type: application\/json/.test(head)) throw new Error(`not a part: ${piece}`);
      return JSON.parse(body);
    }
  }

  /** Discards the rest and closes the connection. */
  async leave(): Promise<void> {
    await this.#pieces.return(undefined);
    // If nothing was read, the generator has not begun, and cancels nothing.
    if (!this.#response.body?.locked) await this.#response.body?.cancel();
  }
}

async function* piecesOf(response: Response, mark: string): AsyncGenerator<string> {
  let unread = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    unread += decoder.decode(chunk, { stream: true });
    const pieces = unread.split(mark);
    unread = pieces.pop() ?? '';
    yield* pieces;
  }
  if (unread !== '') yield unread;
}
