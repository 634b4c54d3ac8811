import { type ReactNode, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { UsageStatsDocument, type UsageStatsQueryVariables } from '../gql/graphql.ts';
import { duration } from '../language/duration.ts';
import { useTranslation } from '../language/language-context.tsx';
import { nameIn } from '../name-in.ts';
import { useViewer } from '../session/use-viewer.ts';
import { LinesChart, StackedChart } from './chart.tsx';
import { LogTable } from './log-table.tsx';
import { RANGE_NAMES, RANGES, type RangeName, windowOf } from './range.ts';
import { callsOver, errorsOver, latencyOver, modelsOf, tokensOver, totalsOf } from './series.ts';
import './usage.css';
import { STATUS_NAMES } from './status-names.ts';
import { UsageProblem } from './usage-problem.tsx';

const TITLES = { OPERATOR: 'usage.titles.OPERATOR', ADMIN: 'usage.titles.ADMIN' } as const;
const STATUS_COLORS: Record<string, string> = {
  SUCCESS: 'var(--chart-1)',
  ERROR: 'var(--danger)',
  ABORTED: 'var(--chart-8)',
};
/** The server's name for all models but those that were called most. It is no model to filter the log by. */
const OTHER_MODELS = 'other';
const NO_STATS: never[] = [];

/** For users who may read telemetry: how models are used over time, and the newest calls. */
export default function UsagePage({ menu }: { menu: ReactNode }) {
  const translation = useTranslation();
  const { t, number, date, compare } = translation;
  const viewer = useViewer();
  const [rangeName, setRangeName] = useState<RangeName>('day');
  const [asOf, setAsOf] = useState(() => Date.now());
  const [chosen, setChosen] = useState('');
  const range = RANGES[rangeName];
  const { from, to } = windowOf(range, asOf);
  const window = { from, to, bucketMs: range.bucketMs };
  const variables = useMemo(
    () => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucket: range.bucket }),
    [from, to, range.bucket],
  );
  const [{ data, error, fetching, operation }, again] = useQuery({
    query: UsageStatsDocument,
    variables,
    requestPolicy: 'network-only',
  });
  const readAgain = () => again({ requestPolicy: 'network-only' });
  const all = data?.inferenceStats ?? NO_STATS;
  // Until the result for another period is there, urql returns the one for the period before.
  const isOfThisTime = data !== undefined && isOf(operation?.variables, variables);
  const models = modelsOf(all, compare);
  const model = models.includes(chosen) ? chosen : '';
  const stats = model ? all.filter((each) => each.modelId === model) : all;
  const busiest = model || models[0] || '';
  const { calls, errors, tokens } = totalsOf(stats);
  const timeOf = (start: number) => date(new Date(start), TIME_FORMATS[rangeName]);
  const count = (value: number) => number(value, { notation: 'compact' });
  const chart = { timeOf, format: count };

  return (
    <>
      <header className="page-header usage-header">
        {menu}
        <h1 data-testid="usage-title">{t(nameIn(TITLES, viewer?.role ?? '') ?? 'usage.title')}</h1>
        <select
          className="select"
          data-testid="usage-model"
          aria-label={t('model.label')}
          value={model}
          onChange={({ target }) => setChosen(target.value)}
        >
          <option value="">{t('usage.allModels')}</option>
          {models.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select
          className="select"
          data-testid="usage-range"
          aria-label={t('usage.range')}
          value={rangeName}
          onChange={({ target }) => {
            setRangeName(RANGE_NAMES.find((name) => name === target.value) ?? 'day');
            setAsOf(Date.now());
          }}
        >
          {RANGE_NAMES.map((name) => (
            <option key={name} value={name}>
              {t(`usage.ranges.${RANGES[name].said.unit}`, { count: RANGES[name].said.count })}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="quiet-button"
          data-testid="usage-refresh"
          onClick={() => {
            setAsOf(Date.now());
            // The variables change only with the next bucket, so the query must be repeated explicitly.
            readAgain();
          }}
        >
          {t('usage.refresh')}
        </button>
      </header>
      <main className="usage" aria-busy={fetching} data-testid="usage">
        {error ? (
          <UsageProblem error={error} retry={readAgain} />
        ) : !isOfThisTime ? (
          <p className="usage-empty">{t('usage.loading')}</p>
        ) : (
          <>
            <dl className="usage-totals">
              <Total name={t('usage.calls')} value={count(calls)} />
              <Total
                name={t('usage.failed')}
                value={calls ? number(errors / calls, { style: 'percent', maximumFractionDigits: 1 }) : '–'}
              />
              <Total name={t('usage.tokens')} value={count(tokens)} />
            </dl>
            <div className="usage-charts">
              <StackedChart
                {...chart}
                title={t('usage.requests')}
                series={callsOver(stats, window)}
                nameOf={(key) => {
                  const name = nameIn(STATUS_NAMES, key);
                  return name ? t(name) : key;
                }}
                colorOf={(key) => STATUS_COLORS[key] ?? 'var(--chart-1)'}
                testId="chart-requests"
              />
              <LinesChart
                {...chart}
                format={(ms) => duration(ms, translation)}
                title={busiest ? t('usage.latencyOf', { model: busiest }) : t('usage.latency')}
                series={latencyOver(all, window, busiest)}
                testId="chart-latency"
              />
              <StackedChart
                {...chart}
                title={t('usage.tokensByModel')}
                series={tokensOver(stats, window)}
                testId="chart-tokens"
              />
              <StackedChart
                {...chart}
                title={t('usage.errorsByCode')}
                series={errorsOver(stats, window)}
                testId="chart-errors"
              />
            </div>
          </>
        )}
        <LogTable asOf={asOf} model={model === OTHER_MODELS ? '' : model} />
      </main>
    </>
  );
}

function Total({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function isOf(asked: UsageStatsQueryVariables | undefined, { from, to, bucket }: UsageStatsQueryVariables) {
  return asked?.from === from && asked.to === to && asked.bucket === bucket;
}

const TIME_FORMATS: Record<RangeName, Intl.DateTimeFormatOptions> = {
  hour: { hour: '2-digit', minute: '2-digit' },
  day: { hour: '2-digit', minute: '2-digit' },
  week: { weekday: 'short', hour: '2-digit', minute: '2-digit' },
  // The server's days are those of UTC.
  month: { day: 'numeric', month: 'short', timeZone: 'UTC' },
};
