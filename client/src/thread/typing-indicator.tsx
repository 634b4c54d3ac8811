import { texts } from '../texts.ts';
import { useCountedSeconds } from './use-counted-seconds.ts';

/**
 * Three dots: the next word is on the way. Beside them how long the model has been thinking, once that is a second.
 * `isFirstWord` false: nothing is shown before that, so that a short thought in mid-answer does not flash.
 */
export function TypingIndicator(props: {
  /** For how long it had been thinking when that was last heard; null where it does not show that it thinks. */
  thinkingSeconds: number | null;
  isFirstWord: boolean;
}) {
  const seconds = useCountedSeconds(props.thinkingSeconds) ?? 0;
  if (seconds < 1 && !props.isFirstWord) return null;
  return (
    <div className="typing-line">
      <span className="typing" data-testid="typing-indicator" role="img" aria-label={texts.thread.thinking}>
        <span />
        <span />
        <span />
      </span>
      {seconds >= 1 && (
        <span className="typing-label" data-testid="thinking">
          {texts.thread.thinkingFor(seconds)}
        </span>
      )}
    </div>
  );
}
