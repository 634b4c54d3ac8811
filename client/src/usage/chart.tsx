import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useTranslation } from '../language/language-context.tsx';
import type { Series } from './series.ts';

export interface ChartProps {
  title: string;
  series: Series;
  /** The name of a key; unset: the key itself. */
  nameOf?: (key: string) => string;
  /** The colour of a key, as a CSS value; unset: from the palette, in order. */
  colorOf?: (key: string, index: number) => string;
  format: (value: number) => string;
  timeOf: (start: number) => string;
  testId: string;
}

const HEIGHT = 240;

/** Numbers over time, stacked: of each kind and in total. */
export function StackedChart(props: ChartProps) {
  const { series, nameOf = same, colorOf = palette } = props;
  return (
    <Figure {...props} isEmpty={series.keys.length === 0}>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart data={series.points} margin={MARGIN}>
          {axes(props)}
          {series.keys.map((key, index) => (
            <Bar
              key={key}
              dataKey={(point) => point[key]}
              name={nameOf(key)}
              stackId="all"
              fill={colorOf(key, index)}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </Figure>
  );
}

/** Numbers over time, side by side. */
export function LinesChart(props: ChartProps) {
  const { series, nameOf = same, colorOf = palette } = props;
  const isEmpty = series.points.every((point) => series.keys.every((key) => point[key] === null));
  return (
    <Figure {...props} isEmpty={isEmpty}>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <LineChart data={series.points} margin={MARGIN}>
          {axes(props)}
          {series.keys.map((key, index) => (
            <Line
              key={key}
              dataKey={(point) => point[key]}
              name={nameOf(key)}
              stroke={colorOf(key, index)}
              strokeWidth={2}
              dot={{ r: 2 }}
              connectNulls
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </Figure>
  );
}

function Figure({
  title,
  testId,
  isEmpty,
  children,
}: ChartProps & { isEmpty: boolean; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <figure className="usage-chart" data-testid={testId}>
      <figcaption>{title}</figcaption>
      {/* Time runs from left to right in every language; so do the labels of axes, whose place depends on it. */}
      {isEmpty ? <p className="usage-empty">{t('usage.none')}</p> : <div dir="ltr">{children}</div>}
    </figure>
  );
}

function axes({ timeOf, format }: ChartProps) {
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--border)" />
      <XAxis
        dataKey="start"
        tickFormatter={timeOf}
        tick={TICK}
        stroke="var(--border-strong)"
        minTickGap={24}
      />
      <YAxis
        tickFormatter={format}
        tick={TICK}
        stroke="var(--border-strong)"
        width="auto"
        // All values are whole numbers.
        allowDecimals={false}
      />
      <Tooltip
        labelFormatter={(start) => timeOf(Number(start))}
        formatter={(value) => format(Number(value))}
        cursor={{ fill: 'var(--hover)', stroke: 'var(--border-strong)' }}
        contentStyle={{ background: 'var(--surface)', borderColor: 'var(--border)', borderRadius: 8 }}
      />
      <Legend iconType="circle" iconSize={8} />
    </>
  );
}

const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 };
const TICK = { fill: 'var(--text-soft)', fontSize: 12 };
const same = (key: string) => key;
/** With more kinds, the colours repeat. */
const COLORS = 8;
const palette = (_key: string, index: number) => `var(--chart-${(index % COLORS) + 1})`;
