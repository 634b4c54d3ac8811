import { type KeptItems, type Outgoing, UNSENT } from './outbox.ts';

const NAME = 'outbox.';

/** Where texts are kept by their names. None of it throws: what cannot be kept lasts as long as the page. */
export interface KeptTexts {
  /** Null: nothing is kept under this name. */
  read(name: string): string | null;
  /** Null removes it. */
  write(name: string, text: string | null): void;
  /** The names that begin so and under which something is kept. */
  names(beginning: string): string[];
}

/**
 * The {@link KeptItems} of a conversation. Each message is kept under a name of its own, so that two tabs with the same
 * conversation do not overwrite each other's.
 */
export function keptItems(kept: KeptTexts, conversationId: string): KeptItems {
  const beginning = `${NAME}${conversationId}.`;
  const written = new Map<string, string>();
  const put = (id: string, text: string | null) => {
    if (text === (written.get(id) ?? null)) return;
    kept.write(beginning + id, text);
    if (text === null) written.delete(id);
    else written.set(id, text);
  };
  return {
    read() {
      const items = kept.names(beginning).flatMap((name) => itemFrom(kept.read(name)));
      for (const item of items) written.set(item.clientMessageId, JSON.stringify(item));
      return items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
    write(items) {
      const unsent = items.filter(({ status }) => status !== 'sent');
      const ids = new Set(unsent.map(({ clientMessageId }) => clientMessageId));
      for (const id of [...written.keys()].filter((it) => !ids.has(it))) put(id, null);
      for (const item of unsent) put(item.clientMessageId, JSON.stringify(item));
    },
  };
}

/** The conversations with messages that are not sent yet. */
export function conversationsWithItems(kept: Pick<KeptTexts, 'names'>): string[] {
  const ids = kept.names(NAME).map((name) => name.slice(NAME.length, name.lastIndexOf('.')));
  return [...new Set(ids)];
}

function itemFrom(stored: string | null): Outgoing[] {
  try {
    const item: unknown = JSON.parse(stored ?? '');
    return isKept(item) ? [{ ...UNSENT, ...item }] : [];
  } catch {
    return [];
  }
}

/** Another release may have stored it, or another program. */
function isKept(it: unknown): it is Partial<Outgoing> & Pick<Outgoing, 'clientMessageId' | 'text' | 'at'> {
  const { clientMessageId, text, at } = Object(it);
  return [clientMessageId, text, at].every((one) => typeof one === 'string');
}
