import type { LiveStore } from '@taskflow/client/core';
import { useTranslation } from '../language/language-context.tsx';
import { useLive } from './use-session.ts';

/**
 * Announces each answer to screen readers once it is complete, and whether it was cut short; announcing each word as it
 * comes would be unintelligible. While the model thinks, this is announced once, without the seconds.
 */
export function Announcer({ live }: { live: LiveStore | null }) {
  const { t } = useTranslation();
  const answer = useLive(live, (state) => state.lastAnswer);
  const thinks = useLive(live, (state) => (state.turn?.thinkingSeconds ?? 0) >= 1);
  return (
    <>
      <div className="visually-hidden" aria-live="polite" data-testid="announcer">
        {answer ? t('thread.answered', { text: answer.text }) : ''}
        {answer?.isTruncated ? ` ${t('thread.truncated')}` : ''}
      </div>
      {/* A region of its own: emptying it does not announce the last answer again. */}
      <div className="visually-hidden" aria-live="polite" data-testid="thinking-announcer">
        {thinks ? t('thread.thinks') : ''}
      </div>
    </>
  );
}
