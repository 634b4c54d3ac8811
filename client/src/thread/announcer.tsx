import type { LiveStore } from '@taskflow/client/core';
import { texts } from '../texts.ts';
import { useLive } from './use-session.ts';

/**
 * Announces each answer to screen readers once it is complete, and whether it was cut short; announcing each word as it
 * comes would be unintelligible. While the model thinks, this is announced once, without the seconds.
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
      {/* A region of its own: emptying it does not announce the last answer again. */}
      <div className="visually-hidden" aria-live="polite" data-testid="thinking-announcer">
        {thinks ? texts.thread.thinks : ''}
      </div>
    </>
  );
}
