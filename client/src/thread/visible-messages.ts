import type { Outgoing } from '@taskflow/client/core';
import type { MessagePartsFragment } from '../gql/graphql.ts';

/** The messages to show: the older ones and the cached page, each once, without answers that have no text. */
export function visibleMessages(
  older: readonly MessagePartsFragment[],
  page: readonly MessagePartsFragment[],
): MessagePartsFragment[] {
  const inPage = new Set(page.map((it) => it.id));
  return [...older.filter((it) => !inPage.has(it.id)), ...page].filter(
    (it) => it.role === 'USER' || it.content !== '',
  );
}

/** The messages on their way that are not in the thread yet. */
export function visibleOutgoing(
  outgoing: readonly Outgoing[],
  messages: readonly MessagePartsFragment[],
): Outgoing[] {
  const shown = new Set(messages.map((it) => it.id));
  return outgoing.filter((it) => it.messageId === null || !shown.has(it.messageId));
}
