import { createParser, type EventSourceParser } from 'eventsource-parser';
import { bytesOf } from '../../async/until-aborted.ts';
import { LlmError } from '../errors/errors.ts';

/** An item of a server's answer, in any of its forms. */
export type BodyItem =
  /** A chunk of a completion, a whole completion, or an error object. */
  | { type: 'json'; value: unknown }
  /** A keep-alive: a comment, a ping or an empty event. */
  | { type: 'alive' }
  /** `[DONE]`: nothing follows, even if the connection stays open. */
  | { type: 'done' };

/** The largest event of a stream and the largest completion in one piece, in characters: longer than any model's answer. */
const LARGEST = 16 * 1024 * 1024;

/**
 * Reads the body of a response as server-sent events or as one JSON text. The first character decides, as servers and
 * gateways send wrong content types.
 *
 * @throws {LlmError} when it is neither: a web page, a sentence, or too long.
 */
export async function* readBody(
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<BodyItem, void, undefined> {
  let reader: ItemReader | null = null;
  let blank = '';
  for await (const text of decoded(response.body, signal)) {
    reader ??= readerFor(blank + text, response);
    if (!reader) {
      // Line ends before the first event are keep-alives.
      yield { type: 'alive' };
      blank = (blank + text).slice(-1);
      continue;
    }
    let isPart = true;
    for (const item of reader.read(blank + text)) {
      isPart = false;
      yield item;
    }
    // A part of an event, or of a completion in one piece, is a keep-alive.
    if (isPart) yield { type: 'alive' };
    blank = '';
  }
  if (reader) yield* reader.end();
}

async function* decoded(
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const bytes of bytesOf(body, signal)) {
    const text = decoder.decode(bytes, { stream: true });
    if (text) yield text;
  }
}

interface ItemReader {
  read(text: string): Iterable<BodyItem>;
  end(): Iterable<BodyItem>;
}

function readerFor(text: string, response: Response): ItemReader | null {
  const first = text.trimStart()[0];
  if (first === undefined) return null;
  if (first === '<') throw notAnAnswer(response);
  return first === '{' || first === '[' ? new JsonReader() : new EventReader();
}

/** For a web page or the like: the address is probably wrong. */
function notAnAnswer({ headers, status }: Response): LlmError {
  const type = headers.get('content-type') ?? 'a web page';
  return new LlmError(
    'SERVICE_UNAVAILABLE',
    `the server answered with ${type} instead of an answer: is the base URL right?`,
    {
      retryable: false,
      status,
    },
  );
}

class EventReader implements ItemReader {
  /** A fault is thrown after the items before it. */
  readonly #items: (BodyItem | LlmError)[] = [];
  readonly #parser: EventSourceParser;

  constructor() {
    this.#parser = createParser({
      maxBufferSize: LARGEST,
      onEvent: ({ event, data }) => {
        const items = itemsIn(data);
        this.#items.push(...(event === 'error' ? items.map(asError) : items));
      },
      onComment: () => this.#items.push({ type: 'alive' }),
      onRetry: () => this.#items.push({ type: 'alive' }),
      onError: ({ type, line }) => {
        if (type !== 'max-buffer-size-exceeded') this.#items.push(...strayIn(line ?? ''));
        else this.#items.push(new LlmError('UNKNOWN', 'an event of the stream is too large'));
      },
    });
  }

  *read(text: string): Iterable<BodyItem> {
    this.#parser.feed(text);
    for (const item of this.#items.splice(0)) {
      if (item instanceof LlmError) throw item;
      yield item;
    }
  }

  /** The last event also counts without the blank line that should end it. */
  end(): Iterable<BodyItem> {
    return this.read('\n\n');
  }
}

/** The items in the data of an event; servers that omit the blank line between two events join their data. */
function itemsIn(data: string): (BodyItem | LlmError)[] {
  const whole = parsed(data);
  if (whole !== undefined) return [{ type: 'json', value: whole }];
  return data.split('\n').map((line) => itemIn(line.trim()));
}

/** Wraps the data of an event named `error`, which may hold only the error's own fields. */
function asError(item: BodyItem | LlmError): BodyItem | LlmError {
  if (item instanceof LlmError || item.type !== 'json' || !item.value) return item;
  if (typeof item.value === 'object' && 'error' in item.value) return item;
  return { type: 'json', value: { error: item.value } };
}

function itemIn(data: string): BodyItem | LlmError {
  // Some gateways write `data:` twice.
  const line = data.replace(/^(data:\s*)+/, '');
  if (line === '' || line.startsWith(':')) return { type: 'alive' };
  if (line === '[DONE]') return { type: 'done' };
  const value = parsed(line);
  // The message omits the data, which may be part of the question or the answer.
  if (value === undefined)
    return new LlmError('SERVICE_UNAVAILABLE', 'the provider sent a chunk that is not JSON');
  return { type: 'json', value };
}

/** The items in a line that is not a field of an event: `error: {…}` of llama.cpp, or a bare error object. */
function strayIn(line: string): BodyItem[] {
  const value = parsed(line) ?? parsed(line.slice(line.indexOf(':') + 1));
  if (typeof value !== 'object' || value === null) return [{ type: 'alive' }];
  const isError = /^\s*error\s*:/.test(line);
  return [{ type: 'json', value: isError && !('error' in value) ? { error: value } : value }];
}

class JsonReader implements ItemReader {
  readonly #parts: string[] = [];
  #length = 0;

  read(text: string): Iterable<BodyItem> {
    this.#length += text.length;
    if (this.#length > LARGEST) throw new LlmError('UNKNOWN', 'the answer is too large');
    this.#parts.push(text);
    return [];
  }

  /** One value; a list of values, as from Gemini; or one value per line. */
  *end(): Iterable<BodyItem> {
    const text = this.#parts.join('');
    const whole = parsed(text);
    const values =
      whole === undefined ? text.split('\n').map(parsed) : Array.isArray(whole) ? whole : [whole];
    for (const value of values) if (value !== undefined) yield { type: 'json', value };
    if (values.length > 0 && values.every((value) => value === undefined)) {
      throw new LlmError('SERVICE_UNAVAILABLE', 'the provider sent an answer that is not JSON');
    }
    // Valid JSON is complete.
    if (whole !== undefined) yield { type: 'done' };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
