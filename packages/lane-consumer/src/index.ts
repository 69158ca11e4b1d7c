export {
  type HeldLanes,
  type LaneActorId,
  type LaneCrashed,
  type LaneEnded,
  laneActorId,
  laneOfActor,
  returnLease,
  withLane,
  withoutLane,
} from './held-lanes.ts';
export { startJobSpan } from './job-spans.ts';
export { auditLane } from './lane-auditor.ts';
export {
  type LaneConsumerContext,
  type LaneConsumerEvent,
  type LaneConsumerInput,
  type LaneConsumerOutput,
  laneConsumerMachine,
} from './lane-consumer.machine.ts';
export { createLaneConsumer } from './lane-consumer.ts';
export { createLaneLeases, type LaneLeaseEvent, type LaneLeasesPorts, type LeasesCommand } from './lane-leases.ts';
export { type Backlog, type LaneAges, measureLanes } from './lane-meter.ts';
export type { LaneNotice, SpentBudget } from './lane-notice.ts';
export type { LaneWork } from './lane-work.ts';
export { isUnreadable } from './unreadable-job.ts';
