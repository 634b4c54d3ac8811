import type { TypingSignal } from '@taskflow/client/core';
import { useEffect } from 'react';
import { useServices } from '../services/services.ts';

/** The typing signal of one conversation, which stops when the user leaves it. */
export function useTyping(conversationId: string): TypingSignal {
  const signal = useServices().typingOf(conversationId);
  useEffect(() => () => signal.stop(), [signal]);
  return signal;
}
