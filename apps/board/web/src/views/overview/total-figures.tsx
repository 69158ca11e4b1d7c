import type { Overview } from '../../api/types.ts';
import { Figure, Figures } from '../../components/figure.tsx';
import { history } from '../../live/live.ts';
import { totalOf } from '../../model/chart-data.ts';
import { bytesText, compactText, countText, rateText, secondsText } from '../../model/format.ts';
import { LAG_SECONDS, levelOf } from '../../model/limits.ts';
import { totalsOf } from '../../model/totals.ts';
import { hrefs } from '../../routing/route.ts';

export function TotalFigures({ overview }: { readonly overview: Overview }) {
  const totals = totalsOf(overview);
  const past = history.value;
  const trend = (measure: Parameters<typeof totalOf>[1], isRate: boolean) => (past ? { trend: totalOf(past, measure, isRate) } : {});
  return (
    <Figures>
      <Figure
        label="Read"
        value={rateText(totals.recordsIn)}
        unit="records/s"
        note={`${bytesText(totals.bytesIn)}/s`}
        {...trend('records_in', true)}
      />
      <Figure
        label="Written"
        value={rateText(totals.recordsOut)}
        unit="records/s"
        note={`${bytesText(totals.bytesOut)}/s`}
        {...trend('records_out', true)}
      />
      <Figure
        label="Lag"
        value={totals.lag === null ? '–' : secondsText(totals.lag)}
        level={levelOf(totals.lag, LAG_SECONDS)}
        note={totals.lag === null ? 'no shard is read' : 'of the slowest shard'}
        {...trend('lag', false)}
      />
      <Figure
        label="In lanes"
        value={compactText(totals.waiting)}
        unit="records"
        note={bytesText(totals.waitingBytes)}
        {...trend('waiting', false)}
      />
      {totals.invocations > 0 && (
        <Figure
          label="Function calls"
          value={rateText(totals.invocations)}
          unit="/s"
          note={`${countText(totals.delayed)} due later`}
          {...trend('invocations', true)}
        />
      )}
      <Figure
        label="Dead letters"
        value={countText(totals.deadLetters)}
        level={totals.deadLetters > 0 ? 'note' : 'ok'}
        note={totals.parked > 0 ? `${countText(totals.parked)} addresses parked` : totals.deadLetters > 0 ? 'to redrive or remove' : 'none'}
        href={hrefs.deadLetters(null)}
      />
    </Figures>
  );
}
