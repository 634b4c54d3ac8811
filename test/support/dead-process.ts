import type { App } from '../../core/app.ts';
import { commit } from '../../core/turns/commit.ts';
import type { Change, Snapshot } from '../../core/turns/draft.ts';
import { send } from '../../core/turns/life.ts';

/** Commits something and does nothing of what follows, as a process that dies in between. */
export async function commitAndDie(
  { store }: App,
  conversationId: string,
  decide: (snapshot: Snapshot) => Change | null,
): Promise<Snapshot> {
  const options = { store, withinMs: 5_000 };
  const decided = await commit(options, conversationId, async (snapshot) => ({
    change: decide(snapshot),
    result: null,
  }));
  return decided.snapshot;
}

/** Has a message accepted by a process that dies at once; answers the turn that is pending. */
export async function acceptAndDie(app: App, conversationId: string, text: string): Promise<string> {
  const accept = (snapshot: Snapshot) => send(snapshot, { text, before: null });
  const { row } = await commitAndDie(app, conversationId, accept);
  return row.pendingTurnId as string;
}
