import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { documentOf } from './document.ts';
import { tokenAt } from './speech.ts';

export interface ListenerOptions {
  url: string;
  variables: { conversationId: string; after: string | null };
  /** Called with the number of tokens of each event. */
  onTokens: (tokens: number) => void;
  /** Called once per fault: something was lost, doubled, out of order, or not as it should be. */
  onFault: (fault: string) => void;
  /** Called when the server closes the socket, or refuses the subscription for now, which is then tried again. */
  onRefused: (isClosed: boolean) => void;
}

const QUERY = documentOf('subscription', 'ConversationEvents');
/** Time until a subscription that was refused for now is tried again, in milliseconds. */
const AGAIN_MS = 200;
const FIELDS = ['__typename', 'at', 'cursor', 'offset', 'text', 'turnId'].join();

/** One client on a socket of its own, over graphql-transport-ws. Checks every event that it hears. */
export class Listener {
  /** Frames and bytes of them. */
  frames = 0;
  bytes = 0;
  /** The number of the next token; unset until the first one is heard. */
  #next = -1;
  #offset = 0;
  #seq = 0;
  readonly #options: ListenerOptions;
  #socket: WebSocket | null = null;
  readonly #id = randomUUID();
  #isClosing = false;
  #isRefused = false;
  #cursor = '';

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Number of the last token heard, and 1. */
  get heard(): number {
    return Math.max(0, this.#next);
  }

  /** Connects and subscribes. The server may not have begun to follow the conversation when this resolves. */
  open(): Promise<void> {
    const { url, onFault, onRefused } = this.#options;
    this.#isClosing = false;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    this.#socket = socket;
    const send = (message: object) => socket.send(JSON.stringify(message));
    return new Promise((resolve, reject) => {
      socket.on('open', () => send({ type: 'connection_init' }));
      socket.on('error', reject);
      socket.on('close', () => {
        if (this.#socket === socket && !this.#isClosing) onRefused(true);
      });
      socket.on('message', (data: Buffer) => {
        const message: Message = JSON.parse(data.toString());
        const variables = { ...this.#options.variables, ...(this.#cursor && { after: this.#cursor }) };
        const subscribe = () =>
          send({ type: 'subscribe', id: this.#id, payload: { query: QUERY, variables } });
        if (message.type === 'ping') return send({ type: 'pong' });
        if (message.type === 'connection_ack') {
          subscribe();
          return resolve();
        }
        // As clients do: the server was busy when it began, and nothing was heard.
        if (message.type === 'complete' && this.#isRefused) return void setTimeout(subscribe, AGAIN_MS);
        if (message.type !== 'next') return onFault(`unexpected: ${data.toString().slice(0, 300)}`);
        this.#isRefused = message.payload?.errors?.[0]?.extensions?.resumable === true;
        if (this.#isRefused) onRefused(false);
        else this.#hear(message, data.length);
      });
    });
  }

  /** Cuts the connection, as a network that fails. `open` comes back and resumes after the last event heard. */
  cut(): void {
    this.#isClosing = true;
    this.#socket?.terminate();
  }

  close(): Promise<void> {
    this.#isClosing = true;
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.close();
    });
  }

  #hear({ id, payload }: Message, bytes: number): void {
    this.frames += 1;
    this.bytes += bytes;
    const event = payload?.data?.conversationEvents;
    if (!event || id !== this.#id) return this.#options.onFault(`no event: ${JSON.stringify(payload)}`);
    if (Object.keys(event).sort().join() !== FIELDS)
      this.#options.onFault(`other fields: ${JSON.stringify(event)}`);
    const seq = Number(event.cursor.split('.')[1]);
    if (seq <= this.#seq) this.#options.onFault(`event ${seq} came after ${this.#seq}`);
    this.#seq = seq;
    this.#cursor = event.cursor;
    // Where nothing is replayed, the first event may be any.
    if (this.#next < 0) this.#begin(event);
    if (event.offset !== this.#offset)
      this.#options.onFault(`offset ${event.offset} instead of ${this.#offset}`);
    let tokens = 0;
    for (let at = 0; at < event.text.length; tokens++) {
      const token = tokenAt(this.#next + tokens);
      if (!event.text.startsWith(token, at)) {
        this.#options.onFault(`"${event.text.slice(at)}" instead of "${token}"`);
        break;
      }
      at += token.length;
    }
    this.#next += tokens;
    this.#offset = event.offset + event.text.length;
    this.#options.onTokens(tokens);
  }

  #begin({ offset }: TextAdded): void {
    this.#next = 0;
    if (this.#options.variables.after !== null) return;
    for (; this.#offset < offset; this.#next++) this.#offset += tokenAt(this.#next).length;
  }
}

interface Message {
  type: string;
  id?: string;
  payload?: {
    data?: { conversationEvents?: TextAdded };
    errors?: { extensions?: { resumable?: boolean } }[];
  };
}

interface TextAdded {
  cursor: string;
  text: string;
  offset: number;
}
