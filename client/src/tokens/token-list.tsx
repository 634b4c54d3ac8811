import { useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { relativeTime } from '../conversations/relative-time.ts';
import { useNow } from '../conversations/use-now.ts';
import { type ApiTokenPartsFragment, RevokeApiTokenDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { useTranslation } from '../language/language-context.tsx';
import { nameIn } from '../name-in.ts';
import { useServices } from '../services/services.ts';

/** The tokens that are valid, each with a button that revokes it; the others below, on demand. */
export function TokenList({ tokens }: { tokens: readonly ApiTokenPartsFragment[] }) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const valid = tokens.filter((token) => endWordOf(token, now) === null);
  const over = tokens.filter((token) => endWordOf(token, now) !== null);
  return (
    <>
      {valid.length === 0 ? (
        <p className="tokens-lead" data-testid="no-tokens">
          {t('tokens.none')}
        </p>
      ) : (
        <ul className="tokens-list">
          {valid.map((token) => (
            <Token key={token.id} token={token} now={now} />
          ))}
        </ul>
      )}
      {over.length > 0 && (
        <details className="tokens-over" data-testid="tokens-over">
          <summary>{t('tokens.over', { count: over.length })}</summary>
          <ul className="tokens-list">
            {over.map((token) => (
              <Token key={token.id} token={token} now={now} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Token({ token, now }: { token: ApiTokenPartsFragment; now: Date }) {
  const { t, date, locale } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const { toasts } = useServices();
  const [, revokeToken] = useMutation(RevokeApiTokenDocument);
  const endWord = endWordOf(token, now);

  const revoke = async () => {
    const { data, error } = await revokeToken({ input: { id: token.id } });
    const problem = problemOf(error, data?.revokeApiToken);
    if (problem) toasts.show(problem.said);
  };
  return (
    <li className="token" data-testid="token" data-over={endWord !== null}>
      <div className="token-head">
        <h3 dir="auto">{token.name}</h3>
        {endWord === null ? (
          <button
            type="button"
            className="quiet-button"
            data-testid="revoke-token"
            aria-label={t('tokens.revokeOf', { name: token.name })}
            onClick={() => setAsking(true)}
          >
            {t('tokens.revoke')}
          </button>
        ) : (
          <span className="badge">{t(endWord)}</span>
        )}
      </div>
      <p className="token-scopes">
        {token.scopes.map((scope) => (
          <span key={scope} className="badge">
            <ScopeName scope={scope} />
          </span>
        ))}
      </p>
      <dl>
        <Fact name={t('tokens.columns.prefix')}>
          <code dir="ltr">{token.prefix}…</code>
        </Fact>
        <Fact name={t('tokens.columns.created')}>{date(new Date(token.createdAt), DAY)}</Fact>
        <Fact name={t('tokens.columns.used')}>
          {token.lastUsedAt ? relativeTime(new Date(token.lastUsedAt), now, locale) : t('tokens.neverUsed')}
        </Fact>
        <Fact name={t('tokens.columns.expires')}>
          {token.expiresAt ? date(new Date(token.expiresAt), DAY) : t('tokens.neverExpires')}
        </Fact>
      </dl>
      {isAsking && (
        <ConfirmDialog
          testId="revoke-dialog"
          title={t('tokens.revokeDialog.title', { name: token.name })}
          body={t('tokens.revokeDialog.body')}
          confirm={t('tokens.revokeDialog.confirm')}
          confirmTestId="confirm-revoke"
          cancel={t('tokens.revokeDialog.cancel')}
          onConfirm={() => void revoke()}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** In words; a scope that this client does not know as the server has it. */
function ScopeName({ scope }: { scope: string }) {
  const { t } = useTranslation();
  const name = nameIn(SCOPES, scope);
  return name ? t(name) : scope;
}

const SCOPES = {
  CONVERSATIONS_READ: 'tokens.scopeNames.CONVERSATIONS_READ',
  CONVERSATIONS_WRITE: 'tokens.scopeNames.CONVERSATIONS_WRITE',
  TELEMETRY_READ: 'tokens.scopeNames.TELEMETRY_READ',
  TELEMETRY_WRITE: 'tokens.scopeNames.TELEMETRY_WRITE',
} as const;

const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** The word for why a token is not valid any more; null: it is. */
function endWordOf({ revokedAt, expiresAt }: ApiTokenPartsFragment, now: Date) {
  if (revokedAt) return 'tokens.revoked';
  return expiresAt && Date.parse(expiresAt) <= now.getTime() ? 'tokens.expired' : null;
}
