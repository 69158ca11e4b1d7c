import type { Pause } from '@sluice/lease';
import type { LaneSurvey } from '@sluice/queue';
import type { LaneOverview, TargetOverview, WorkerReport, WriterOverview } from '@sluice/status';

export interface TargetFacts {
  readonly target: string;
  readonly layout: TargetOverview['layout'];
  readonly paused: Pause | null;
  readonly deadLetters: number;
  readonly delayed: number;
  readonly lanes: readonly LaneSurvey[];
  readonly reports: readonly WorkerReport[];
}

export function toTargetOverview({ target, layout, paused, deadLetters, delayed, lanes, reports }: TargetFacts): TargetOverview {
  const writers = reports.flatMap(({ workerId, egresses, functions }): WriterOverview[] => [
    ...egresses.flatMap((each) => (each.egress === target ? [{ worker: workerId, kind: 'egress' as const, ...each }] : [])),
    ...functions.flatMap((each) => (each.type === target ? [{ worker: workerId, kind: 'function' as const, ...each }] : [])),
  ]);
  return {
    ...{ target, layout, paused, deadLetters, delayed, writers },
    kind: writers[0]?.kind ?? null,
    parked: parkedOf(writers, lanes),
    lanes: lanes.map(toLaneOverview),
  };
}

/** Its workers know. Where none runs, an address whose messages wait outside the lane is most likely parked. */
const parkedOf = (writers: readonly WriterOverview[], lanes: readonly LaneSurvey[]): number =>
  writers.length > 0
    ? writers.reduce((sum, writer) => sum + (writer.kind === 'function' ? writer.parked : 0), 0)
    : lanes.reduce((sum, { mailboxes }) => sum + mailboxes, 0);

const toLaneOverview = ({ mailboxes: _, ...lane }: LaneSurvey): LaneOverview => ({
  ...lane,
  jobs: lane.waiting + lane.active,
});
