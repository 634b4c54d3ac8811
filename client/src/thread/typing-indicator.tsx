import { useTranslation } from '../language/language-context.tsx';
import { useCountedSeconds } from './use-counted-seconds.ts';

/**
 * Three dots: the next word is on its way. Beside them, after a second, how long the model has been thinking. `isFirstWord`
 * false: nothing is shown in that second, so that a short thought in mid-answer does not flash.
 */
export function TypingIndicator(props: {
  /** How long it had been thinking at the last TurnThinking; null when it does not show that it thinks. */
  thinkingSeconds: number | null;
  isFirstWord: boolean;
}) {
  const { t } = useTranslation();
  const seconds = useCountedSeconds(props.thinkingSeconds) ?? 0;
  if (seconds < 1 && !props.isFirstWord) return null;
  return (
    <div className="typing-line">
      <span className="typing" data-testid="typing-indicator" role="img" aria-label={t('thread.thinking')}>
        <span />
        <span />
        <span />
      </span>
      {seconds >= 1 && (
        <span className="typing-label" data-testid="thinking">
          {t('thread.thinkingFor', { seconds })}
        </span>
      )}
    </div>
  );
}
