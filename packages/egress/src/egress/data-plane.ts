import type { LaneConsumerInput } from '@sluice/lane-consumer';
import type { Lease } from '@sluice/lease';
import type { LaneWriter } from './lane-writer.ts';

/** What moves the records of an egress, once its stream is found. Machines decide when each part runs. */
export interface DataPlane {
  /** Running it to its end also closes its connections. */
  readonly writer: Pick<LaneWriter, 'run'>;
  /** Builds what works on a lane; nothing happens before its consumer starts. */
  readonly openLane: (lane: number, lease: Lease) => LaneConsumerInput;
}
