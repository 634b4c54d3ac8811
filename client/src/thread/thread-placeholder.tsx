import type { SessionPhase } from '@taskflow/client/core';
import type { ReactNode } from 'react';
import { Link } from '../router/link.tsx';
import { texts } from '../texts.ts';

/** Shown instead of a conversation that is being loaded, cannot be loaded, or does not exist. */
export function ThreadPlaceholder(props: { phase: SessionPhase; missing: boolean; menu: ReactNode }) {
  const { phase, missing } = props;
  const problem = phase.name === 'loading' ? phase.problem : null;
  return (
    <>
      <header className="page-header">
        {props.menu}
        <h1>{texts.app}</h1>
      </header>
      <main className="placeholder" data-testid={missing ? 'missing-conversation' : 'loading-conversation'}>
        {missing ? (
          <>
            <h2>{texts.thread.missing}</h2>
            <p>{texts.thread.missingBody}</p>
            <Link className="button" href="/">
              {texts.thread.start}
            </Link>
          </>
        ) : problem ? (
          <>
            <h2>{texts.thread.failed}</h2>
            <p role="status">{problem.text}</p>
          </>
        ) : (
          <p role="status">{texts.thread.loading}</p>
        )}
      </main>
    </>
  );
}
