import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Dashboard, DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source of deploy/grafana/provisioning/datasources. */
const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' };

/** A query and the names of its lines: `{{label}}` is a label's value. */
export type Line = readonly [expr: string, legend: string];

interface Panel {
  title: string;
  /** The unit, by Grafana's name: `ms`, `short`, `percentunit`, `bytes`, `s`, `reqps`. */
  unit: string;
  lines: readonly Line[];
  /** An explanation for operators: what the panel shows, and when to act. */
  about?: string;
}

export interface Row {
  title: string;
  /** Panels with the current number. */
  stats?: readonly Panel[];
  /** Graphs over time, two in a row. */
  graphs?: readonly Panel[];
}

/** Builds a dashboard from rows, with the same settings for all dashboards. */
export function dashboard(uid: string, title: string, rows: readonly Row[]): Dashboard {
  const builder = new DashboardBuilder(`TaskFlow: ${title}`)
    .uid(`taskflow-${uid}`)
    .tags(['taskflow'])
    .readonly()
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' });
  for (const { title: name, stats = [], graphs = [] } of rows) {
    builder.withRow(new RowBuilder(name));
    for (const panel of stats) builder.withPanel(statOf(panel, Math.floor(24 / stats.length)));
    for (const panel of graphs) builder.withPanel(graphOf(panel));
  }
  return builder.build();
}

function statOf({ title, unit, lines, about = '' }: Panel, width: number): StatBuilder {
  const panel = new StatBuilder().title(title).description(about).unit(unit).span(width).height(4);
  panel.datasource(PROMETHEUS);
  for (const [expr, legend] of lines) panel.withTarget(queryOf(expr, legend));
  return panel;
}

function graphOf({ title, unit, lines, about = '' }: Panel): TimeseriesBuilder {
  const panel = new TimeseriesBuilder().title(title).description(about).unit(unit).min(0).span(12).height(8);
  panel.datasource(PROMETHEUS).fillOpacity(10).lineWidth(1);
  panel.legend(
    new VizLegendOptionsBuilder()
      .showLegend(true)
      .displayMode(LegendDisplayMode.List)
      .placement(LegendPlacement.Bottom),
  );
  panel.tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  for (const [expr, legend] of lines) panel.withTarget(queryOf(expr, legend));
  return panel;
}

function queryOf(expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).legendFormat(legend);
}

/** Lines for percentiles of a histogram. `by`: a label that distinguishes lines. */
export function percentiles(metric: string, by?: string): Line[] {
  const labels = by ? `le, ${by}` : 'le';
  return [0.5, 0.95, 0.99].map((share) => [
    `histogram_quantile(${share}, sum by (${labels}) (rate(${metric}_bucket[$__rate_interval])))`,
    by ? `{{${by}}} p${share * 100}` : `p${share * 100}`,
  ]);
}

/** The rate of a counter, per second. */
export function rate(metric: string, by?: string): string {
  return `sum${by ? ` by (${by})` : ''} (rate(${metric}[$__rate_interval]))`;
}
