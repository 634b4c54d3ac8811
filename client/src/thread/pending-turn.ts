import type { Outgoing, PendingTurn } from '@taskflow/client/core';

/**
 * The newest turn that was accepted and has not begun; null when there is none. `live`: the turn according to the feed and
 * the loaded conversation; `items`: the messages on their way, whose turn the server may have returned before the feed has
 * published it. `turnId` is null while only its message is known.
 */
export function pendingTurnOf(
  live: PendingTurn | null,
  items: readonly Outgoing[],
): { turnId: string | null } | null {
  const ahead = items.findLast((it) => it.status === 'sent' && !it.arrived && it.turnId !== null);
  if (ahead) return { turnId: ahead.turnId };
  if (!live) return null;
  const own = items.find((it) => it.messageId !== null && it.messageId === live.messageId);
  return { turnId: live.turnId ?? own?.turnId ?? null };
}
