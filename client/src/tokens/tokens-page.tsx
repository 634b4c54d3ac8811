import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { ApiTokensDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { useTranslation } from '../language/language-context.tsx';
import { phrase } from '../language/phrase.ts';
import { CreateToken } from './create-token.tsx';
import { NewSecret } from './new-secret.tsx';
import { TokenList } from './token-list.tsx';
import './tokens.css';

/** The viewer's API tokens: they are created, listed and revoked here. */
export default function TokensPage({ menu }: { menu: ReactNode }) {
  const { t, say } = useTranslation();
  const [{ data, error }, again] = useQuery({
    query: ApiTokensDocument,
    requestPolicy: 'cache-and-network',
  });
  const [created, setCreated] = useState<{ name: string; secret: string } | 'seen' | null>(null);
  const readAgain = () => again({ requestPolicy: 'network-only' });
  const isForbidden = error?.graphQLErrors.some(({ extensions }) => extensions?.code === 'FORBIDDEN');

  return (
    <>
      <header className="page-header">
        {menu}
        <h1>{t('tokens.title')}</h1>
      </header>
      <main className="tokens" data-testid="tokens">
        <div className="tokens-body">
          {data ? (
            <>
              <p className="tokens-lead">{t('tokens.lead')}</p>
              {created && created !== 'seen' ? (
                <NewSecret {...created} onDone={() => setCreated('seen')} />
              ) : (
                <CreateToken
                  role={data.viewer.role}
                  isAgain={created === 'seen'}
                  onCreated={(name, secret) => {
                    setCreated({ name, secret });
                    readAgain();
                  }}
                />
              )}
              <TokenList tokens={data.viewer.apiTokens} />
            </>
          ) : error ? (
            <div className="usage-problem" role="alert" data-testid="tokens-problem">
              <p>
                {isForbidden
                  ? t('tokens.byToken')
                  : say(problemOf(error, undefined)?.said ?? phrase('tokens.failed'))}
              </p>
              {!isForbidden && (
                <button type="button" className="button" onClick={readAgain}>
                  {t('sidebar.retry')}
                </button>
              )}
            </div>
          ) : (
            <p className="tokens-lead">{t('tokens.loading')}</p>
          )}
        </div>
      </main>
    </>
  );
}
