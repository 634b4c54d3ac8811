import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { ask, closeOf, openSocket, type Target } from './target.ts';

const EVENTS = `subscription($id: ID!) { conversationEvents(conversationId: $id) {
  __typename ... on ConversationUpdated { title } } }`;
const RENAME = `mutation($id: ID!, $title: String!) {
  updateConversation(input: { conversationId: $id, title: $title }) { __typename } }`;
const TYPE = `mutation($id: ID!) {
  reportActivity(input: { conversationId: $id, activity: TYPING }) { __typename } }`;
const SAY = `mutation($id: ID!) { sendMessage(input: { conversationId: $id, text: "Hello" }) { __typename } }`;

/** 1,500 subscriptions on a socket, as fast as its messages are not too many, to events that come as fast as they may. */
export async function subscribeToEvents(target: Target): Promise<void> {
  void renameOften(target);
  for (;;) {
    const socket = await openSocket(target);
    for (let n = 0; socket?.readyState === socket?.OPEN && n < 1_500; n++) {
      subscribe(socket, target, n);
      if (n % 90 === 89) await delay(1_000);
    }
    if (socket?.readyState === socket?.OPEN) await delay(60_000);
    socket?.terminate();
  }
}

async function renameOften(target: Target): Promise<void> {
  for (let n = 0; ; n++) {
    await ask(target, RENAME, { id: target.conversationId, title: `Title ${n}` });
    await delay(100);
  }
}

/** Subscribes 5,000 times on a socket, and completes each at once. */
export async function subscribeAndComplete(target: Target): Promise<void> {
  for (;;) {
    const socket = await openSocket(target);
    if (!socket) continue;
    const closed = closeOf(socket);
    for (let n = 0; n < 5_000; n++) {
      subscribe(socket, target, n);
      socket.send(JSON.stringify({ id: String(n), type: 'complete' }));
    }
    await Promise.race([closed, delay(10_000)]);
    socket.terminate();
  }
}

function subscribe(socket: WebSocket | null, { conversationId }: Target, n: number): void {
  const payload = { query: EVENTS, variables: { id: conversationId } };
  socket?.send(JSON.stringify({ id: String(n), type: 'subscribe', payload }));
}

/** Mutations as fast as they are answered. */
export async function mutateTooOften(target: Target): Promise<void> {
  const id = target.conversationId;
  for (let n = 0; ; n++) {
    await Promise.all([ask(target, RENAME, { id, title: `Title ${n}` }), ask(target, TYPE, { id })]);
  }
}

/** Messages to a model as fast as they are answered. */
export async function sayTooMuch(target: Target): Promise<void> {
  for (;;) await ask(target, SAY, { id: target.conversationId });
}
