import type { Fork } from '../../core/store/branch-reads.ts';
import type { Message } from '../../generated/prisma/client.ts';

/** What `BranchReads` reads, from the messages of one conversation, oldest first. */
export class MemoryBranches {
  readonly #conversationId: string;
  readonly #messages: readonly Message[];

  constructor(conversationId: string, messages: readonly Message[]) {
    this.#conversationId = conversationId;
    this.#messages = messages;
  }

  get visible(): Message[] {
    return this.#messages.filter(({ hiddenSince }) => hiddenSince === null);
  }

  /** The message that a message follows, or the conversation's id. */
  parentOf({ id, hiddenSince, parentId }: Message): string {
    if (hiddenSince !== null) return parentId ?? '';
    return this.before(id) ?? this.#conversationId;
  }

  /** The ids of the messages before a message, the nearest first. */
  pathTo(message: Message): string[] {
    const path: string[] = [];
    for (let at = this.of(this.parentOf(message)); at; at = this.of(this.parentOf(at))) path.push(at.id);
    return path;
  }

  /** The newest visible message before an id. */
  before(id: string): string | null {
    return this.visible.findLast((message) => message.id < id)?.id ?? null;
  }

  fork(id: string | null, { onward = false }: { onward?: boolean } = {}): Fork {
    const shows: string[] = [];
    let at = this.of(id);
    for (; at && at.hiddenSince !== null; at = this.of(at.parentId)) shows.unshift(at.id);
    for (let next = onward && shows.at(-1); next; ) {
      const children = this.#messages.filter((it) => it.hiddenSince !== null && it.parentId === next);
      children.sort(
        (one, other) => (other.hiddenSince ?? 0) - (one.hiddenSince ?? 0) || (one.id < other.id ? 1 : -1),
      );
      next = children[0]?.id ?? false;
      if (next) shows.push(next);
    }
    const stays = at?.id ?? null;
    const hides = this.visible.filter((message) => message.id > (stays ?? '')).length;
    const path = [...this.visible.filter((it) => it.id <= (stays ?? '')), ...shows.map((it) => this.of(it))];
    const said = path.findLast((it) => it?.acknowledgedTurnId === null)?.content ?? null;
    const leaf = shows.at(-1) ?? stays;
    return { stays, hides, shows, leaf: leaf === null ? null : { id: leaf, said } };
  }

  /** The user's message that a message is or answers; `id` null: the newest. */
  questionOf(id: string | null): string | null {
    let at = id === null ? this.visible.at(-1) : this.of(id);
    while (at && !isQuestion(at)) at = this.of(this.parentOf(at));
    return at?.id ?? null;
  }

  of(id: string | null): Message | undefined {
    return this.#messages.find((message) => message.id === id);
  }
}

function isQuestion({ role, acknowledgedTurnId }: Message): boolean {
  return role === 'USER' && acknowledgedTurnId === null;
}
