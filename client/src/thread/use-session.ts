import {
  type LiveState,
  type LiveStore,
  type LiveTurn,
  Session,
  type SessionPhase,
} from '@taskflow/client/core';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useServices } from '../services/services.ts';
import { throughCache } from './through-cache.ts';

/** Opens a conversation as long as the component is mounted. Null in the first render. */
export function useSession(conversationId: string): Session | null {
  const { urql, socket, pause, outboxOf, typingOf } = useServices();
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const opened = new Session(conversationId, {
      ...throughCache(urql, conversationId),
      socket: socket.client,
      pause,
      outbox: outboxOf(conversationId),
      typing: typingOf(conversationId),
    });
    setSession(opened);
    opened.start();
    return () => opened.stop();
  }, [conversationId, urql, socket, pause, outboxOf, typingOf]);
  return session;
}

/** The status of the session. */
export function usePhase(session: Session | null): SessionPhase {
  return useSyncExternalStore(
    session?.subscribe ?? nothing,
    useCallback(() => session?.getPhase() ?? LOADING, [session]),
  );
}

/**
 * A part of the live state. The component is rendered again only when that part changes, so select primitives, or objects
 * that stay the same while nothing in them changes.
 */
export function useLive<T>(live: LiveStore | null, select: (state: LiveState) => T): T | null {
  return useSyncExternalStore(live?.subscribe ?? nothing, () => {
    const state = live?.getSnapshot();
    return state ? select(state) : null;
  });
}

/** For {@link useLive}: the answer being spoken, with its text. */
export const selectTurn = (state: LiveState): LiveTurn | null => state.turn;

const LOADING: SessionPhase = { name: 'loading', problem: null };
const nothing = () => () => {};
