import { useTranslation } from '../language/language-context.tsx';
import type { Unanswered } from './unanswered.ts';

/** Says that there is no whole answer, and why; offers another try if it may help. */
export function UnansweredNote(props: {
  unanswered: Unanswered;
  regenerating: boolean;
  onRegenerate(): void;
}) {
  const { t } = useTranslation();
  const { unanswered, regenerating, onRegenerate } = props;
  const { failure } = unanswered;
  if (!failure) {
    return (
      <div className="note note-unanswered" role="status" data-testid="unanswered">
        <span>{t('thread.unanswered')}</span>
        <button
          type="button"
          className="button"
          data-testid="answer-again"
          disabled={regenerating}
          onClick={onRegenerate}
        >
          {t('thread.answerAgain')}
        </button>
      </div>
    );
  }
  return (
    <div className="note note-failure" role="alert" data-testid="ai-error" data-code={failure.code}>
      <span dir="auto">{failure.text}</span>
      {failure.retryable && (
        <button
          type="button"
          className="button"
          data-testid="try-again"
          disabled={regenerating}
          onClick={onRegenerate}
        >
          {regenerating ? t('thread.trying') : t('thread.tryAgain')}
        </button>
      )}
    </div>
  );
}
