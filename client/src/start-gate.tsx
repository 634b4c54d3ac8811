import { backoff } from '@taskflow/client/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { StartDocument } from './gql/graphql.ts';
import { problemOf } from './graphql/problem.ts';
import { useTranslation } from './language/language-context.tsx';
import { type Phrases, phrase } from './language/phrase.ts';
import { useServices } from './services/services.ts';

type Start = { name: 'starting' } | { name: 'failed'; said: Phrases } | { name: 'ready' };

/** Shows the page once the server has answered for the first time; until then it retries, and shows that. */
export function StartGate({ children }: { children: ReactNode }) {
  const { t, say } = useTranslation();
  const client = useClient();
  const { pause, belongTo } = useServices();
  const [start, setStart] = useState<Start>({ name: 'starting' });
  const again = useRef(() => {});

  useEffect(() => {
    let stopped = false;
    const run = async () => {
      for (let attempt = 0; !stopped; attempt += 1) {
        const { data, error } = await client
          .query(StartDocument, {}, { requestPolicy: 'network-only' })
          .toPromise();
        if (stopped) return;
        if (data && !error) {
          belongTo(data.viewer);
          return setStart({ name: 'ready' });
        }
        setStart({
          name: 'failed',
          said: error?.networkError
            ? phrase('gate.body')
            : (problemOf(error, undefined)?.said ?? phrase('problems.unexpected')),
        });
        const pressed = new Promise<void>((resolve) => {
          again.current = resolve;
        });
        await Promise.race([pause(backoff(attempt)), pressed]);
      }
    };
    void run();
    return () => {
      stopped = true;
    };
  }, [client, pause, belongTo]);

  if (start.name === 'ready') return children;
  return (
    <main className="placeholder gate" data-testid="start-gate" data-state={start.name}>
      {start.name === 'starting' ? (
        <p role="status">{t('gate.starting')}</p>
      ) : (
        <>
          <h1>{t('gate.title')}</h1>
          <p role="status">{say(start.said)}</p>
          <button type="button" className="button" onClick={() => again.current()}>
            {t('gate.again')}
          </button>
        </>
      )}
    </main>
  );
}
