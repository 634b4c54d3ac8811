import type { Client } from '@urql/core';
import { createContext, useContext } from 'react';
import { Outbox } from '../composer/outbox.ts';
import { reportTyping } from '../composer/report-typing.ts';
import { sendMessage } from '../composer/send-message.ts';
import { TypingSignal } from '../composer/typing-signal.ts';
import { followList } from '../conversations/follow-list.ts';
import { createUrqlClient } from '../graphql/client.ts';
import { type Pause, pauseUntilOnline } from '../graphql/pause.ts';
import { createSocket, type Socket } from '../graphql/socket.ts';
import { uuid } from '../graphql/uuid.ts';
import { Toasts } from './toasts.ts';

/** Services that live as long as the page. Built in main.tsx, provided by {@link ServicesContext}. */
export interface Services {
  urql: Client;
  socket: Socket;
  pause: Pause;
  toasts: Toasts;
  /** The messages on their way in a conversation; kept when its thread is closed. */
  outboxOf(conversationId: string): Outbox;
  /** Whether the user types in a conversation, in this tab. */
  typingOf(conversationId: string): TypingSignal;
  /** Starts to keep the list of conversations up to date. */
  start(): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Nothing is connected until it is needed, or {@link Services.start}ed. */
export function createServices(page: Window): Services {
  const { location } = page;
  const urql = createUrqlClient(new URL('/graphql', location.href).href);
  const pause = pauseUntilOnline(page);
  const socket = createSocket({ url: socketUrl(location), page, pause });
  const toasts = new Toasts();
  const outboxes = new Map<string, Outbox>();
  const typings = new Map<string, TypingSignal>();
  let unfollow = () => {};

  return {
    urql,
    socket,
    pause,
    toasts,
    outboxOf(conversationId) {
      const outbox = outboxes.get(conversationId) ?? new Outbox(sendMessage(urql, conversationId), uuid);
      outboxes.set(conversationId, outbox);
      return outbox;
    },
    typingOf(conversationId) {
      const typing = typings.get(conversationId) ?? new TypingSignal(reportTyping(urql, conversationId));
      typings.set(conversationId, typing);
      return typing;
    },
    start() {
      unfollow = followList(urql, socket, pause);
    },
    async stop() {
      unfollow();
      toasts.stop();
      await socket.stop();
    },
  };
}

/** Set by main.tsx. */
export const ServicesContext = createContext<Services | null>(null);

/** The page's services; throws outside of {@link ServicesContext}. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('No ServicesContext above this component');
  return services;
}

function socketUrl(location: Location): string {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
