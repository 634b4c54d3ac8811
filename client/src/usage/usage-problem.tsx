import type { CombinedError } from 'urql';
import { problemOf } from '../graphql/problem.ts';
import { texts } from '../texts.ts';

/** Why nothing is shown, and a button that tries again. */
export function UsageProblem({ error, retry }: { error: CombinedError; retry: () => void }) {
  return (
    <div className="usage-problem" role="alert" data-testid="usage-problem">
      <p>{problemOf(error, undefined)?.text ?? texts.usage.failed}</p>
      <button type="button" className="button" onClick={retry}>
        {texts.sidebar.retry}
      </button>
    </div>
  );
}
