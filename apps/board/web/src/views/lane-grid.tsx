import type { LaneOverview, TargetOverview } from '../api/types.ts';
import { type Cell, CellGrid, type CellGridProps } from '../components/cell-grid.tsx';
import { bytesText, durationText, plural } from '../model/format.ts';
import { depthStep, laneStatus } from '../model/lane-status.ts';
import { hrefs } from '../routing/route.ts';

/** A square a lane: its shade is how full it is, its mark what is the matter. */
export function LaneGrid({ target, size }: { readonly target: TargetOverview; readonly size: CellGridProps['size'] }) {
  const fullest = target.lanes.reduce((most, { records }) => Math.max(most, records), 0);
  const cells = target.lanes.map((lane) => cellOf(lane, target, fullest));
  return <CellGrid label={`${plural(cells.length, 'lane')} of ${target.target}`} cells={cells} size={size} />;
}

function cellOf(lane: LaneOverview, target: TargetOverview, fullest: number): Cell {
  const { level, word, reason } = laneStatus(lane, target);
  const depth = lane.records === 0 ? '' : `, ${plural(lane.records, 'record')}, ${bytesText(lane.bytes)}`;
  const age = lane.oldestMs === null ? '' : `, oldest ${durationText(lane.oldestMs)}`;
  return {
    ...{ key: String(lane.lane), level, href: hrefs.lane(target.target, lane.lane) },
    label: `lane ${lane.lane}: ${word}${depth}${age}${reason ? `, ${reason}` : ''}${lane.owner ? `, ${lane.owner}` : ''}`,
    shade: lane.owner === null && lane.records === 0 ? 'hollow' : depthStep(lane.records, fullest),
  };
}
