import { texts } from '../texts.ts';

/** Three dots: an answer has begun, and its first word is on the way. */
export function TypingIndicator() {
  return (
    <div className="typing" data-testid="typing-indicator" role="img" aria-label={texts.thread.thinking}>
      <span />
      <span />
      <span />
    </div>
  );
}
