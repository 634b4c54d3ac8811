import {
  conversationsWithItems,
  createSocket,
  keptItems,
  Outbox,
  type Pause,
  pauseUntilOnline,
  renewOver,
  type Socket,
  TypingSignal,
  uuid,
} from '@taskflow/client/core';
import type { Client } from '@urql/core';
import { createContext, useContext } from 'react';
import { reportTyping } from '../composer/report-typing.ts';
import { sendMessage } from '../composer/send-message.ts';
import { followList } from '../conversations/follow-list.ts';
import { createUrqlClient } from '../graphql/client.ts';
import { fetchWithDeadline } from '../graphql/fetch-with-deadline.ts';
import type { Account } from '../session/account.ts';
import { authorizedFetch } from '../session/authorized-fetch.ts';
import { Kept, type Person } from '../session/kept.ts';
import { Toasts } from './toasts.ts';

/** Services for one visit of a person: the next person gets others. Provided by {@link ServicesContext}. */
export interface Services {
  account: Account;
  /** The visit that they are for. */
  visit: number;
  urql: Client;
  socket: Socket;
  pause: Pause;
  toasts: Toasts;
  /** What the person has written and not sent. */
  kept: Kept;
  /** The messages on their way in a conversation; kept when its thread is closed, and over a reload of the page. */
  outboxOf(conversationId: string): Outbox;
  /** Whether the user types in a conversation, in this tab. */
  typingOf(conversationId: string): TypingSignal;
  /** Starts to keep the list of conversations up to date. */
  start(): void;
  /** Call when the server has said who the person is: what they had not sent before is sent now. */
  belongTo(person: Person): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Nothing is connected until it is needed, or {@link Services.start}ed. */
export function createServices(page: Window, account: Account): Services {
  const { location } = page;
  const { visit } = account.getSnapshot();
  const fetch = authorizedFetch(account, visit, fetchWithDeadline);
  const urql = createUrqlClient(new URL('/graphql', location.href).href, fetch);
  const pause = pauseUntilOnline(page);
  const authority = {
    authorization: () => account.authorization(visit),
    refused: (authorization: string | null) => account.refused(authorization),
  };
  const socket = createSocket({ url: socketUrl(location), authority, page, pause, renewOver });
  const toasts = new Toasts();
  const kept = new Kept(page);
  const outboxes = new Map<string, Outbox>();
  const typings = new Map<string, TypingSignal>();
  let unfollow = () => {};
  let offToken = () => {};

  /** Whether a message is on its way, and not in its thread yet. */
  const isAwaited = (conversationId: string, clientMessageId: string): boolean => {
    const items = outboxes.get(conversationId)?.getSnapshot() ?? [];
    return items.some((item) => item.clientMessageId === clientMessageId && !item.arrived);
  };

  const outboxOf = (conversationId: string): Outbox => {
    const outbox =
      outboxes.get(conversationId) ??
      new Outbox(
        sendMessage(urql, conversationId, pause, (id) => isAwaited(conversationId, id)),
        uuid,
        keptItems(kept, conversationId),
      );
    outboxes.set(conversationId, outbox);
    return outbox;
  };

  return {
    ...{ account, visit, urql, socket, pause, toasts, kept, outboxOf },
    typingOf(conversationId) {
      const typing = typings.get(conversationId) ?? new TypingSignal(reportTyping(urql, conversationId));
      typings.set(conversationId, typing);
      return typing;
    },
    start() {
      unfollow = followList(urql, socket, pause);
      offToken = account.onToken((token) => socket.renew(token));
    },
    belongTo(person) {
      kept.belongsTo(person);
      for (const conversationId of conversationsWithItems(kept)) outboxOf(conversationId);
    },
    async stop() {
      kept.stop();
      offToken();
      unfollow();
      toasts.stop();
      await socket.stop();
    },
  };
}

/** Set by app.tsx. */
export const ServicesContext = createContext<Services | null>(null);

/** The services of this visit; throws outside of {@link ServicesContext}. */
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
