import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { JobStatus, QueueWorker } from '@bull-board/api/typings/app';
import type { LaneAddress } from '@sluice/queue';
import type { Queue } from 'bullmq';

/** Between a target and the rest of a queue's name; Bull Board groups by it. */
const LANE_DELIMITER = ' lane ';
const DEAD_LETTER_DELIMITER = ' dead-';

/** A lane on the board. Nothing can be done to it there; its jobs wait or are in flight with the lane's owner. */
export class LaneAdapter extends BullMQAdapter {
  readonly #ownerOf: () => string | undefined;

  constructor(queue: Queue, { target }: Pick<LaneAddress, 'target'>, ownerOf: () => string | undefined) {
    super(queue, {
      readOnlyMode: true,
      delimiter: LANE_DELIMITER,
      description: `Batches on their way to ${target}. Read-only: emptying or retrying by hand would break the order of keys.`,
    });
    this.#ownerOf = ownerOf;
  }

  override getJobStatuses(): JobStatus[] {
    return ['active', 'waiting'];
  }

  /** A lane is worked by the owner of its lease, which BullMQ does not know as a worker. */
  override async getWorkers(): Promise<QueueWorker[] | null> {
    const owner = this.#ownerOf();
    return owner === undefined ? [] : [{ id: owner, name: owner, addr: 'by lease', age: 0 }];
  }
}

/** The dead letters of a target, with the reason of each. They are redriven and removed on the command line. */
export class DeadLetterAdapter extends BullMQAdapter {
  constructor(queue: Queue, target: string) {
    super(queue, {
      readOnlyMode: true,
      delimiter: DEAD_LETTER_DELIMITER,
      description: `Records that can never reach ${target}, each with its reason.`,
    });
  }

  override getJobStatuses(): JobStatus[] {
    return ['failed'];
  }

  /** Nobody works on dead letters until they are redriven. */
  override async getWorkers(): Promise<null> {
    return null;
  }
}
