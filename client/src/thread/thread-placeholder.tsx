import type { SessionPhase } from '@taskflow/client/core';
import type { ReactNode } from 'react';
import { wordsOf } from '../graphql/problem.ts';
import { useTranslation } from '../language/language-context.tsx';
import { Link } from '../router/link.tsx';

/** Shown instead of a conversation that is being loaded, cannot be loaded, or does not exist. */
export function ThreadPlaceholder(props: { phase: SessionPhase; missing: boolean; menu: ReactNode }) {
  const translation = useTranslation();
  const { t } = translation;
  const { phase, missing } = props;
  const problem = phase.name === 'loading' ? phase.problem : null;
  return (
    <>
      <header className="page-header">
        {props.menu}
        <h1>{t('app')}</h1>
      </header>
      <main className="placeholder" data-testid={missing ? 'missing-conversation' : 'loading-conversation'}>
        {missing ? (
          <>
            <h2>{t('thread.missing')}</h2>
            <p>{t('thread.missingBody')}</p>
            <Link className="button" href="/">
              {t('thread.start')}
            </Link>
          </>
        ) : problem ? (
          <>
            <h2>{t('thread.failed')}</h2>
            <p role="status">{wordsOf(problem, translation)}</p>
          </>
        ) : (
          <p role="status">{t('thread.loading')}</p>
        )}
      </main>
    </>
  );
}
