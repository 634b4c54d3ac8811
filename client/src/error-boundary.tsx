import { Component, type ReactNode } from 'react';
import { useTranslation } from './language/language-context.tsx';

/** Catches errors of components, and offers to reload the page. React itself logs the error to the console. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Crash />;
  }
}

function Crash() {
  const { t } = useTranslation();
  return (
    <main className="placeholder gate" role="alert" data-testid="crash">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.body')}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {t('crash.again')}
      </button>
    </main>
  );
}
