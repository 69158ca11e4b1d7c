import { useMemo } from 'preact/hooks';
import { Chart } from '../chart/chart.tsx';
import { Notice } from '../components/page.tsx';
import { history } from '../live/live.ts';
import { type ChartChoice, chartDataOf } from '../model/chart-data.ts';
import { bytesText, compactText, rateText, secondsText } from '../model/format.ts';

export interface HistoryChartsProps {
  /** Only what concerns one source or one target. */
  readonly source?: string;
  readonly target?: string;
}

interface ChartPlan {
  readonly title: string;
  readonly unit: string;
  readonly text: (value: number) => string;
  readonly choices: readonly ChartChoice[];
}

const perSecond = (value: number): string => (value >= 10_000 ? `${compactText(Math.round(value / 1_000))}k` : rateText(value));

/** Throughput, lag and depth over the last hour. */
export function HistoryCharts({ source, target }: HistoryChartsProps) {
  const past = history.value;
  const plans = useMemo(() => plansOf(source, target), [source, target]);
  const charts = useMemo(() => (past ? plans.map((plan) => ({ plan, data: chartDataOf(past, plan.choices) })) : []), [past, plans]);
  if (!past) return <Notice title="Loading…" />;
  const drawn = charts.filter(({ data }) => data.lines.length > 0);
  if (drawn.length === 0) return <Notice title="Nothing was measured in the last hour" />;
  return (
    <div class="charts">
      {drawn.map(({ plan: { title, unit, text }, data }) => (
        <Chart key={title} title={title} unit={unit} text={text} data={data} />
      ))}
    </div>
  );
}

function plansOf(source: string | undefined, target: string | undefined): ChartPlan[] {
  const sources = source === undefined ? undefined : [source];
  const targets = target === undefined ? undefined : [target];
  const read: ChartPlan[] = [
    { title: 'Read', unit: 'records/s', text: perSecond, choices: [{ measure: 'records_in', isRate: true, names: sources }] },
    { title: 'Lag', unit: 'of the slowest shard', text: secondsText, choices: [{ measure: 'lag', isRate: false, names: sources }] },
  ];
  const written: ChartPlan[] = [
    {
      title: 'Written',
      unit: 'records/s',
      text: perSecond,
      choices: [{ measure: 'records_out', isRate: true, names: targets }],
    },
    { title: 'Function calls', unit: 'calls/s', text: perSecond, choices: [{ measure: 'invocations', isRate: true, names: targets }] },
    { title: 'In lanes', unit: 'records', text: perSecond, choices: [{ measure: 'waiting', isRate: false, names: targets }] },
  ];
  const trouble: ChartPlan = {
    ...{ title: 'Tried again', unit: 'records/s', text: perSecond },
    choices: [
      { measure: 'failed', isRate: true, names: targets, label: 'failed' },
      { measure: 'throttled', isRate: true, names: targets, label: 'throttled' },
    ],
  };
  const bytes = (measure: 'bytes_in' | 'bytes_out', names: readonly string[]): ChartPlan => ({
    ...{ title: 'Bytes', unit: 'per second', text: bytesText },
    choices: [{ measure, isRate: true, names }],
  });
  if (sources) return [...read, bytes('bytes_in', sources)];
  if (targets) return [...written, trouble, bytes('bytes_out', targets)];
  const [first, lag] = read as [ChartPlan, ChartPlan];
  return [first, written[0]!, lag, written[2]!];
}
