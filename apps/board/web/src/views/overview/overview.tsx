import type { Overview } from '../../api/types.ts';
import { Section } from '../../components/page.tsx';
import { HistoryCharts } from '../history-charts.tsx';
import { WorkersTable } from '../workers.tsx';
import { HeadlineBlock } from './headline-block.tsx';
import { Pipeline } from './pipeline.tsx';
import { TotalFigures } from './total-figures.tsx';

/** The whole installation as one picture. */
export function OverviewView({ overview }: { readonly overview: Overview }) {
  const isEmpty = overview.streams.length + overview.targets.length + overview.workers.length === 0;
  return (
    <div class="page">
      <HeadlineBlock />
      {!isEmpty && (
        <>
          <TotalFigures overview={overview} />
          <Pipeline overview={overview} />
          <Section title="The last hour">
            <HistoryCharts />
          </Section>
          <Section title="Workers">
            <WorkersTable overview={overview} pageSize={10} />
          </Section>
        </>
      )}
    </div>
  );
}
