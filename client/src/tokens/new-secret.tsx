import { useEffect, useRef } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { CopyButton } from '../markdown/copy-button.tsx';

/** The secret of a token that was just created, which is shown this once. */
export function NewSecret({ name, secret, onDone }: { name: string; secret: string; onDone(): void }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="tokens-form" data-testid="new-secret">
      <h2 ref={heading} tabIndex={-1}>
        {t('tokens.created', { name })}
      </h2>
      <p className="field-hint">{t('tokens.secretNote')}</p>
      <div className="tokens-secret">
        <code data-testid="secret" dir="ltr">
          {secret}
        </code>
        <CopyButton text={secret} label={t('tokens.copy')} />
      </div>
      <button type="button" className="button" data-testid="secret-done" onClick={onDone}>
        {t('tokens.done')}
      </button>
    </section>
  );
}
