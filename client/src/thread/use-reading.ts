import { type RefObject, useEffect } from 'react';
import { type ConversationStatus, ReportActivityDocument } from '../gql/graphql.ts';
import { useServices } from '../services/services.ts';
import { ReadingSignal } from './reading-signal.ts';
import { onSignOfReading } from './signs-of-reading.ts';

/** Reports that the user reads an open conversation, unless it has ended. A failed report is not shown to the user. */
export function useReading(
  { id, status }: { id: string; status: ConversationStatus },
  thread: RefObject<HTMLElement | null>,
): void {
  const { urql } = useServices();
  const isOpen = status === 'ACTIVE';
  useEffect(() => {
    if (!isOpen || !thread.current) return;
    const input = { conversationId: id, activity: 'READING' } as const;
    const report = () => void urql.mutation(ReportActivityDocument, { input }).toPromise();
    const signal = new ReadingSignal(report, document);
    const remove = onSignOfReading(window, thread.current, signal.sign);
    return () => {
      remove();
      signal.stop();
    };
  }, [id, isOpen, thread, urql]);
}
