import type { CombinedError } from 'urql';
import { problemOf } from '../graphql/problem.ts';
import { useTranslation } from '../language/language-context.tsx';
import { phrase } from '../language/phrase.ts';

/** Why nothing is shown, and a button that tries again. */
export function UsageProblem({ error, retry }: { error: CombinedError; retry: () => void }) {
  const { t, say } = useTranslation();
  return (
    <div className="usage-problem" role="alert" data-testid="usage-problem">
      <p>{say(problemOf(error, undefined)?.said ?? phrase('usage.failed'))}</p>
      <button type="button" className="button" onClick={retry}>
        {t('sidebar.retry')}
      </button>
    </div>
  );
}
