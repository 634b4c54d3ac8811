import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { ThemeButton } from '../theme/theme-button.tsx';
import './sign-in.css';

/** The page around what people see before they are signed in. */
export function Card(props: { title: string; lead?: string; testId: string; children?: ReactNode }) {
  return (
    <main className="sign-in" data-testid={props.testId}>
      <div className="sign-in-theme">
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
