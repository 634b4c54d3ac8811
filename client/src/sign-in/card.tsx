import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { ThemeButton } from '../theme/theme-button.tsx';
import './sign-in.css';

/** The page around what people see before they are signed in. */
export function Card(props: {
  title: string;
  lead?: string;
  testId: string;
  /** They may go back to where they were. */
  onCancel?: (() => void) | undefined;
  children?: ReactNode;
}) {
  const { onCancel } = props;
  return (
    <main
      className="sign-in"
      data-testid={props.testId}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel?.();
      }}
    >
      <div className="sign-in-corner">
        {onCancel && (
          <button type="button" className="quiet-button" data-testid="not-now" onClick={onCancel}>
            {texts.signIn.notNow}
          </button>
        )}
        <ThemeButton />
      </div>
      <div className="sign-in-card">
        <header>
          <img src="/favicon.svg" alt={texts.app} width="40" height="40" />
          <h1>{props.title}</h1>
          {props.lead && <p>{props.lead}</p>}
        </header>
        {props.children}
      </div>
    </main>
  );
}
