import { useEffect, useRef } from 'react';
import { CopyButton } from '../markdown/copy-button.tsx';
import { texts } from '../texts.ts';

/** The secret of a token that was just created, which is shown this once. */
export function NewSecret({ name, secret, onDone }: { name: string; secret: string; onDone(): void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="tokens-form" data-testid="new-secret">
      <h2 ref={heading} tabIndex={-1}>
        {texts.tokens.created(name)}
      </h2>
      <p className="field-hint">{texts.tokens.secretNote}</p>
      <div className="tokens-secret">
        <code data-testid="secret">{secret}</code>
        <CopyButton text={secret} label={texts.tokens.copy} />
      </div>
      <button type="button" className="button" data-testid="secret-done" onClick={onDone}>
        {texts.tokens.done}
      </button>
    </section>
  );
}
