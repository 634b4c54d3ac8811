import { useTranslation } from '../language/language-context.tsx';

/** Says, below an answer that the model ended at its limit of tokens, how to get the rest. */
export function TruncatedNote() {
  const { t } = useTranslation();
  return (
    <p className="entry-note" data-testid="truncated-note">
      {t('thread.truncated')}
    </p>
  );
}
