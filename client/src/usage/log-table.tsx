import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { type InferenceStatus, UsageLogsDocument, type UsageLogsQuery } from '../gql/graphql.ts';
import { duration } from '../language/duration.ts';
import { useTranslation } from '../language/language-context.tsx';
import { nameIn } from '../name-in.ts';
import { Link } from '../router/link.tsx';
import { conversationPath } from '../router/router.ts';
import { STATUS_NAMES } from './status-names.ts';
import { UsageProblem } from './usage-problem.tsx';

type Log = UsageLogsQuery['inferenceLogs']['nodes'][number];

const PAGE = 25;
const COLUMNS = ['time', 'model', 'outcome', 'latency', 'firstToken', 'tokens', 'text'] as const;
const STATUSES: readonly InferenceStatus[] = ['SUCCESS', 'ERROR', 'ABORTED'];

/** The newest calls, of one model or (empty) of all, with a filter by outcome, page by page. Another `asOf` reads again. */
export function LogTable({ asOf, model }: { asOf: number; model: string }) {
  const { t } = useTranslation();
  const [status, setStatus] = useState<InferenceStatus | null>(null);
  return (
    <section className="usage-logs" aria-label={t('usage.logs')}>
      <div className="usage-logs-head">
        <h2>{t('usage.logs')}</h2>
        <select
          className="select"
          data-testid="log-status"
          aria-label={t('usage.status')}
          value={status ?? ''}
          onChange={({ target }) => setStatus(STATUSES.find((each) => each === target.value) ?? null)}
        >
          <option value="">{t('usage.anyStatus')}</option>
          {STATUSES.map((each) => (
            <option key={each} value={each}>
              {t(`usage.statuses.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <Pages key={`${status} ${asOf} ${model}`} status={status} model={model || null} />
    </section>
  );
}

function Pages({ status, model }: { status: InferenceStatus | null; model: string | null }) {
  const { t } = useTranslation();
  const [after, setAfter] = useState<string | null>(null);
  /** The pages by the cursor before them. A page that is read again replaces the one read before. */
  const [pages, setPages] = useState<ReadonlyMap<string | null, Log[]>>(new Map());
  const [{ data, error, fetching, operation }, again] = useQuery({
    query: UsageLogsDocument,
    variables: { first: PAGE, after, status, model },
    requestPolicy: 'network-only',
  });
  // Until the result for the next page is there, urql returns the page before.
  const answered = operation?.variables.after ?? null;
  useEffect(() => {
    if (!data) return;
    const read = data.inferenceLogs.nodes;
    setPages((known) => new Map(known).set(answered, read));
  }, [data, answered]);
  const logs = [...pages.values()].flat();

  const { hasNextPage, endCursor } = data?.inferenceLogs.pageInfo ?? {};
  return (
    <>
      <div className="usage-table">
        <table data-testid="log-table">
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {t(`usage.columns.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {logs.map((log) => (
              <LogRow key={log.id} log={log} />
            ))}
          </tbody>
        </table>
      </div>
      {error && <UsageProblem error={error} retry={() => again({ requestPolicy: 'network-only' })} />}
      {data && logs.length === 0 && !fetching && <p className="usage-empty">{t('usage.none')}</p>}
      {hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={fetching}
          onClick={() => setAfter(endCursor ?? null)}
        >
          {fetching ? t('sidebar.loading') : t('sidebar.loadMore')}
        </button>
      )}
    </>
  );
}

function LogRow({ log }: { log: Log }) {
  const translation = useTranslation();
  const { t, number, date } = translation;
  const tokens = `${number(log.inputTokens)} / ${number(log.outputTokens)}`;
  const statusName = nameIn(STATUS_NAMES, log.status);
  return (
    <tr>
      <td>
        <time dateTime={log.createdAt}>
          {date(new Date(log.createdAt), { dateStyle: 'short', timeStyle: 'medium' })}
        </time>
        {log.conversationId && (
          <small>
            <Link href={conversationPath(log.conversationId)}>{t('usage.conversation')}</Link>
          </small>
        )}
      </td>
      <td>
        <bdi>{log.modelId}</bdi>
        <small>
          <bdi>{log.provider}</bdi>
        </small>
      </td>
      <td>
        <span className="usage-status" data-status={log.status}>
          {statusName ? t(statusName) : log.status}
        </span>
        {log.errorCode && <small>{log.errorCode}</small>}
      </td>
      <td className="usage-number">{duration(log.latencyMs, translation)}</td>
      <td className="usage-number">
        {log.timeToFirstTokenMs === null ? '–' : duration(log.timeToFirstTokenMs, translation)}
      </td>
      <td className="usage-number" title={log.tokensEstimated ? t('usage.estimated') : undefined}>
        {log.tokensEstimated ? `≈ ${tokens}` : tokens}
      </td>
      <td className="usage-words">
        {log.inputPreview && <p dir="auto">{log.inputPreview}</p>}
        {log.outputPreview && (
          <p className="usage-answer" dir="auto">
            {log.outputPreview}
          </p>
        )}
        {log.errorMessage && (
          <p className="usage-error" dir="auto">
            {log.errorMessage}
          </p>
        )}
      </td>
    </tr>
  );
}
