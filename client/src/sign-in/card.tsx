import type { ReactNode } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { LanguageMenu } from '../language/language-menu.tsx';
import { ThemeButton } from '../theme/theme-button.tsx';
import './sign-in.css';
import { pressed } from '../pressed.ts';

/** The page around what people see before they are signed in. */
export function Card(props: {
  title: string;
  lead?: string;
  testId: string;
  /** They may go back to where they were. */
  onCancel?: (() => void) | undefined;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { onCancel } = props;
  return (
    <main
      className="sign-in"
      data-testid={props.testId}
      onKeyDown={(event) => {
        if (pressed(event) === 'Escape') onCancel?.();
      }}
    >
      <div className="sign-in-corner">
        {onCancel && (
          <button type="button" className="quiet-button" data-testid="not-now" onClick={onCancel}>
            {t('signIn.notNow')}
          </button>
        )}
        <LanguageMenu />
        <ThemeButton />
      </div>
      <div className="sign-in-card">
        <header>
          <img src="/favicon.svg" alt={t('app')} width="40" height="40" />
          <h1>{props.title}</h1>
          {props.lead && <p>{props.lead}</p>}
        </header>
        {props.children}
      </div>
    </main>
  );
}
