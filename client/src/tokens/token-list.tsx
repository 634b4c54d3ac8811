import { useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { relativeTime } from '../conversations/relative-time.ts';
import { useNow } from '../conversations/use-now.ts';
import { type ApiTokenPartsFragment, RevokeApiTokenDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { nameIn } from '../name-in.ts';
import { useServices } from '../services/services.ts';
import { texts } from '../texts.ts';

/** The tokens that are valid, each with a button that revokes it; the others below, on demand. */
export function TokenList({ tokens }: { tokens: readonly ApiTokenPartsFragment[] }) {
  const now = useNow(30_000);
  const valid = tokens.filter((token) => endWordOf(token, now) === null);
  const over = tokens.filter((token) => endWordOf(token, now) !== null);
  return (
    <>
      {valid.length === 0 ? (
        <p className="tokens-lead" data-testid="no-tokens">
          {texts.tokens.none}
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
          <summary>{texts.tokens.over(over.length)}</summary>
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
  const [isAsking, setAsking] = useState(false);
  const { toasts } = useServices();
  const [, revokeToken] = useMutation(RevokeApiTokenDocument);
  const endWord = endWordOf(token, now);
  const { columns, revokeDialog } = texts.tokens;

  const revoke = async () => {
    const { data, error } = await revokeToken({ input: { id: token.id } });
    const problem = problemOf(error, data?.revokeApiToken);
    if (problem) toasts.show(problem.text);
  };
  return (
    <li className="token" data-testid="token" data-over={endWord !== null}>
      <div className="token-head">
        <h3>{token.name}</h3>
        {endWord === null ? (
          <button
            type="button"
            className="quiet-button"
            data-testid="revoke-token"
            aria-label={texts.tokens.revokeOf(token.name)}
            onClick={() => setAsking(true)}
          >
            {texts.tokens.revoke}
          </button>
        ) : (
          <span className="badge">{endWord}</span>
        )}
      </div>
      <p className="token-scopes">
        {token.scopes.map((scope) => (
          <span key={scope} className="badge">
            {nameIn(texts.tokens.scopeNames, scope) ?? scope}
          </span>
        ))}
      </p>
      <dl>
        <Fact name={columns.prefix}>
          <code>{token.prefix}…</code>
        </Fact>
        <Fact name={columns.created}>{dayOf(token.createdAt)}</Fact>
        <Fact name={columns.used}>
          {token.lastUsedAt ? relativeTime(new Date(token.lastUsedAt), now) : texts.tokens.neverUsed}
        </Fact>
        <Fact name={columns.expires}>
          {token.expiresAt ? dayOf(token.expiresAt) : texts.tokens.neverExpires}
        </Fact>
      </dl>
      {isAsking && (
        <ConfirmDialog
          testId="revoke-dialog"
          title={revokeDialog.title(token.name)}
          body={revokeDialog.body}
          confirm={revokeDialog.confirm}
          confirmTestId="confirm-revoke"
          cancel={revokeDialog.cancel}
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

/** Why a token is not valid any more; null: it is. */
function endWordOf({ revokedAt, expiresAt }: ApiTokenPartsFragment, now: Date): string | null {
  if (revokedAt) return texts.tokens.revoked;
  return expiresAt && Date.parse(expiresAt) <= now.getTime() ? texts.tokens.expired : null;
}

function dayOf(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}
