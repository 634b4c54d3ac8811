import { texts } from '../texts.ts';
import type { Unanswered } from './unanswered.ts';

/** Says that there is no whole answer, and why; offers another try if it may help. */
export function UnansweredNote(props: {
  unanswered: Unanswered;
  regenerating: boolean;
  onRegenerate(): void;
}) {
  const { unanswered, regenerating, onRegenerate } = props;
  const { failure } = unanswered;
  if (!failure) {
    return (
      <div className="note note-unanswered" role="status" data-testid="unanswered">
        <span>{texts.thread.unanswered}</span>
        <button
          type="button"
          className="button"
          data-testid="answer-again"
          disabled={regenerating}
          onClick={onRegenerate}
        >
          {texts.thread.answerAgain}
        </button>
      </div>
    );
  }
  return (
    <div className="note note-failure" role="alert" data-testid="ai-error" data-code={failure.code}>
      <span>{failure.text}</span>
      {failure.retryable && (
        <button
          type="button"
          className="button"
          data-testid="try-again"
          disabled={regenerating}
          onClick={onRegenerate}
        >
          {regenerating ? texts.thread.trying : texts.thread.tryAgain}
        </button>
      )}
    </div>
  );
}
