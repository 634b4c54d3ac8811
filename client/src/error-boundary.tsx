import { Component, type ReactNode } from 'react';
import { texts } from './texts.ts';

/** Catches what no component should throw, and offers the one thing that helps. React itself reports the error on the console. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="placeholder gate" role="alert" data-testid="crash">
        <h1>{texts.crash.title}</h1>
        <p>{texts.crash.body}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {texts.crash.again}
        </button>
      </main>
    );
  }
}
