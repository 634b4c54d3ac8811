import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Data } from './harness.ts';
import { Mailbox } from './scripted-model/mailbox.ts';

/** A socket of the graphql-transport-ws protocol without a client library that would keep to the protocol. */
export interface RawSocket {
  send(message: object): void;
  sendRaw(message: string): void;
  /** The next message. Rejects if the socket closes instead. */
  next(): Promise<Data>;
  /** Resolves to the code with which it closes. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Opens a socket that the server has acknowledged. */
export async function openSocket(url: string): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages = new Mailbox<Data>();
  socket.on('message', (data) => messages.put(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      messages.seal();
      resolve(code);
    });
  });
  const next = async () => {
    const message = await messages.take();
    if (message === undefined) throw new Error('the socket closed');
    return message;
  };
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await next();
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    sendRaw: (message) => socket.send(message),
    next,
    closed,
    close: () => socket.close(),
  };
}
