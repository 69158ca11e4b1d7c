import { Notice, Page } from '../components/page.tsx';
import { connection, overview } from '../live/live.ts';
import { hrefs, type Route } from '../routing/route.ts';
import { AuditView } from '../views/audit.tsx';
import { DeadLetterView } from '../views/dead-letter.tsx';
import { DeadLettersView } from '../views/dead-letters.tsx';
import { JobView } from '../views/job.tsx';
import { LaneView } from '../views/lane.tsx';
import { OverviewView } from '../views/overview/overview.tsx';
import { ShardView } from '../views/shard.tsx';
import { StreamView } from '../views/stream.tsx';
import { StreamsView } from '../views/streams.tsx';
import { TargetView } from '../views/target.tsx';
import { TargetsView } from '../views/targets.tsx';
import { WorkerView } from '../views/worker.tsx';
import { WorkersView } from '../views/workers.tsx';

/** The page of a route, once there is a picture of the installation. */
export function Content({ route }: { readonly route: Route }) {
  const now = overview.value;
  if (!now) {
    return (
      <Page title="Sluice">
        <Notice title={connection.value.state === 'connecting' ? 'Loading…' : 'Nothing to show yet'} />
      </Page>
    );
  }
  switch (route.page) {
    case 'overview':
      return <OverviewView overview={now} />;
    case 'streams':
      return <StreamsView overview={now} />;
    case 'stream':
      return <StreamView overview={now} source={route.source} />;
    case 'shard':
      return <ShardView overview={now} source={route.source} shard={route.shard} />;
    case 'targets':
      return <TargetsView overview={now} />;
    case 'target':
      return <TargetView overview={now} target={route.target} />;
    case 'lane':
      return <LaneView overview={now} target={route.target} lane={route.lane} />;
    case 'job':
      return <JobView target={route.target} lane={route.lane} job={route.job} />;
    case 'workers':
      return <WorkersView overview={now} />;
    case 'worker':
      return <WorkerView overview={now} worker={route.worker} />;
    case 'deadLetters':
      return <DeadLettersView overview={now} target={route.target} />;
    case 'deadLetter':
      return <DeadLetterView target={route.target} id={route.id} />;
    case 'audit':
      return <AuditView />;
    case 'unknown':
      return (
        <Page title="Not found">
          <Notice title={`There is no page ${route.path}`}>
            <a href={hrefs.overview}>To the overview</a>
          </Notice>
        </Page>
      );
  }
}
