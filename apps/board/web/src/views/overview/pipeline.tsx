import type { Overview, StreamOverview } from '../../api/types.ts';
import { Section } from '../../components/page.tsx';
import { plural } from '../../model/format.ts';
import { compareLevels } from '../../model/level.ts';
import { streamStatus } from '../../model/stream-status.ts';
import { targetStatus } from '../../model/target-status.ts';
import { hrefs } from '../../routing/route.ts';
import { FlowLines } from './flow-lines.tsx';
import { StreamCard } from './stream-card.tsx';
import { TargetCard } from './target-card.tsx';

/** More than these make a list, not a picture. */
const SHOWN = 12;

/** Streams on the left, what they feed on the right: lanes, then writers, then where it goes. What is in trouble comes first. */
export function Pipeline({ overview }: { readonly overview: Overview }) {
  const streams = overview.streams.toSorted((a, b) => compareLevels(streamStatus(a).level, streamStatus(b).level));
  const targets = overview.targets.toSorted(
    (a, b) => compareLevels(targetStatus(a).level, targetStatus(b).level) || placeOf(a.target, streams) - placeOf(b.target, streams),
  );
  return (
    <Section title="Pipeline" note="Streams, the lanes that they fill, and who empties them.">
      <div class="pipeline">
        <div class="pipeline-streams">
          <h3>Streams</h3>
          {streams.length === 0 && <p class="card muted">No stream has been read yet. Clients may fill the lanes as well.</p>}
          {streams.slice(0, SHOWN).map((stream) => (
            <StreamCard key={stream.source} stream={stream} />
          ))}
          <Rest count={streams.length - SHOWN} noun="stream" href={hrefs.streams} />
        </div>
        <FlowLines streams={streams} />
        <div class="pipeline-targets">
          <div class="pipeline-heads" aria-hidden="true">
            <h3>Lanes</h3>
            <h3>Writers and functions</h3>
            <h3>Output</h3>
          </div>
          {targets.length === 0 && <p class="card muted">No target has been used yet.</p>}
          {targets.slice(0, SHOWN).map((target) => (
            <TargetCard key={target.target} target={target} />
          ))}
          <Rest count={targets.length - SHOWN} noun="target" href={hrefs.targets} />
        </div>
      </div>
    </Section>
  );
}

/** Beside the first stream that feeds it, so that few lines cross. */
const placeOf = (target: string, streams: readonly StreamOverview[]): number => {
  const index = streams.findIndex(({ targets }) => targets.includes(target));
  return index === -1 ? streams.length : index;
};

const Rest = ({ count, noun, href }: { readonly count: number; readonly noun: string; readonly href: string }) =>
  count > 0 ? (
    <p class="pipeline-rest">
      <a href={href}>and {plural(count, `other ${noun}`)}</a>
    </p>
  ) : null;
