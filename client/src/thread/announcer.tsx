import type { LiveStore } from '../live/live-store.ts';
import { texts } from '../texts.ts';
import { useLive } from './use-session.ts';

/**
 * Says each answer to screen readers once it is complete, and whether it was cut short; the words as they come would be a
 * stammer. While the model thinks it says so once, without the seconds.
 */
export function Announcer({ live }: { live: LiveStore | null }) {
  const answer = useLive(live, (state) => state.lastAnswer);
  const thinks = useLive(live, (state) => (state.turn?.thinkingSeconds ?? 0) >= 1);
  return (
    <>
      <div className="visually-hidden" aria-live="polite" data-testid="announcer">
        {answer ? texts.thread.answered(answer.text) : ''}
        {answer?.isTruncated ? ` ${texts.thread.truncated}` : ''}
      </div>
      {/* A region of its own: what is emptied here does not have the last answer said again. */}
      <div className="visually-hidden" aria-live="polite" data-testid="thinking-announcer">
        {thinks ? texts.thread.thinks : ''}
      </div>
    </>
  );
}
