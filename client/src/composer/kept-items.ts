import type { Kept } from '../session/kept.ts';
import type { KeptItems, Outgoing } from './outbox.ts';

const NAME = 'outbox.';

/** The {@link KeptItems} of a conversation. */
export function keptItems(kept: Pick<Kept, 'read' | 'write'>, conversationId: string): KeptItems {
  const name = NAME + conversationId;
  return {
    read: () => itemsFrom(kept.read(name)),
    write(items) {
      const unsent = items.filter(({ status }) => status !== 'sent');
      kept.write(name, unsent.length > 0 ? JSON.stringify(unsent) : null);
    },
  };
}

/** The conversations with messages that are not sent yet. */
export function conversationsWithItems(kept: Pick<Kept, 'names'>): string[] {
  return kept.names(NAME).map((name) => name.slice(NAME.length));
}

function itemsFrom(stored: string | null): Outgoing[] {
  if (stored === null) return [];
  try {
    const items: unknown = JSON.parse(stored);
    return Array.isArray(items) ? items.filter(isUnsent) : [];
  } catch {
    return [];
  }
}

/** Another release of this page may have stored them. */
function isUnsent(it: unknown): it is Outgoing {
  if (typeof it !== 'object' || it === null) return false;
  const { clientMessageId, text, at, status, problem } = it as Record<keyof Outgoing, unknown>;
  return (
    [clientMessageId, text, at].every((each) => typeof each === 'string') &&
    (status === 'sending' || (status === 'failed' && typeof problem === 'object'))
  );
}
