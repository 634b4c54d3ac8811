import { useEffect } from 'react';
import { useServices } from '../services/services.ts';
import type { TypingSignal } from './typing-signal.ts';

/** The typing signal of one conversation, which ends when it is left. */
export function useTyping(conversationId: string): TypingSignal {
  const signal = useServices().typingOf(conversationId);
  useEffect(() => () => signal.stop(), [signal]);
  return signal;
}
