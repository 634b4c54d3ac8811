import type { App } from '../../core/app.ts';
import type { Change, Snapshot } from '../../core/store/draft.ts';
import { commit } from '../../core/turns/commit.ts';
import { send } from '../../core/turns/life.ts';

/** Commits something and does nothing more, like a process that dies right after. */
export async function commitAndDie(
  { store }: App,
  conversationId: string,
  decide: (snapshot: Snapshot) => Change | null,
): Promise<Snapshot> {
  const options = { store, owner: null, withinMs: 5_000 };
  const decided = await commit(options, conversationId, async (snapshot) => ({
    change: decide(snapshot),
    result: null,
  }));
  return decided.snapshot;
}

/** Has a message accepted by a process that dies right after. Returns the pending turn. */
export async function acceptAndDie(app: App, conversationId: string, text: string): Promise<string> {
  const accept = (snapshot: Snapshot) => send(snapshot, { text, before: null });
  const { row } = await commitAndDie(app, conversationId, accept);
  return row.pendingTurnId as string;
}
