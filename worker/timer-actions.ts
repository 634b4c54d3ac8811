import type { Conversations } from '../core/conversations/conversations.ts';
import { TYPING_NUDGE } from '../core/domain/texts.ts';
import type { Feed } from '../core/live/feed/feed.ts';
import type { Presence } from '../core/live/presence/presence.ts';
import type { TimerJob } from '../core/queue/jobs.ts';
import type { ConversationReads } from '../core/store/conversation-reads.ts';
import type { ConversationStore } from '../core/store/conversation-store.ts';
import { idleDecision } from '../core/timers/idle-policy.ts';
import type { Timers } from '../core/timers/timers.ts';
import type { Turns } from '../core/turns/turns.ts';

export interface TimerActionsOptions {
  reads: Pick<ConversationReads, 'find'>;
  store: Pick<ConversationStore, 'now'>;
  feed: Feed;
  turns: Turns;
  conversations: Conversations;
  timers: Timers;
  presence: Presence;
  idleNudgeMs: number;
  idleEndMs: number;
}

type IdleJob = Extract<TimerJob, { kind: 'idle' }>;

/** Acts on a timer that has fired, if there still is something to do. Idempotent. */
export class TimerActions {
  readonly #options: TimerActionsOptions;

  constructor(options: TimerActionsOptions) {
    this.#options = options;
  }

  async run(job: TimerJob): Promise<void> {
    const { conversationId } = job;
    const { feed, presence, timers, turns } = this.#options;
    if (job.kind === 'idle') return this.#idle(job);
    if (job.kind === 'sentence-end') return void (await turns.endSentence(conversationId, job.turnId));
    if (job.kind === 'typing-lapse') {
      await timers.typingLapsed(conversationId);
      await feed.append(conversationId, [{ type: 'TypingChanged', typing: false }]);
    } else if (await presence.isAnyone(conversationId)) {
      await feed.append(conversationId, [{ type: 'TypingNudge', text: TYPING_NUDGE }]);
    }
  }

  async #idle(job: IdleJob): Promise<void> {
    const { reads, store, feed, turns, conversations, timers, presence, idleNudgeMs, idleEndMs } =
      this.#options;
    const { conversationId } = job;
    const conversation = await reads.find(conversationId);
    // Deleted, maybe by a process that died before it completed the subscriptions.
    if (!conversation) return void (await turns.drive(conversationId));
    // A newer turn has armed the timer again. A conversation without any turn is not idle.
    if (!conversation.lastTurnId || (job.turnId !== null && job.turnId !== conversation.lastTurnId)) return;
    const decision = idleDecision({
      now: await store.now(),
      lastActivityAt: conversation.lastActivityAt.getTime(),
      nudgedAt: job.nudged ? conversation.lastActivityAt.getTime() : null,
      listeners: (await presence.isAnyone(conversationId)) ? 1 : 0,
      speaking: (await feed.state(conversationId)).turn !== null,
      typing: await timers.isTyping(conversationId),
      status: conversation.status,
      idleTimeout: conversation.idleTimeout,
      idleNudgeMs,
      idleEndMs,
    });
    if (decision.act === 'wait') await timers.lookAgain(job, decision.forMs);
    else if (decision.act === 'nudge')
      await turns.volunteer(conversationId, 'IDLE_NUDGE', conversation.lastTurnId);
    else if (decision.act === 'end') await conversations.complete(conversationId, conversation.lastTurnId);
  }
}
