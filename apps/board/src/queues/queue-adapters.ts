import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { JobStatus, QueueWorker } from '@bull-board/api/typings/app';
import type { LaneAddress } from '@sluice/queue';
import type { Queue } from 'bullmq';

/** Between a target and one of its queues. Bull Board splits names at it, and so groups the queues of a target. */
const DELIMITER = ': ';

const laneTitle = ({ target, lane }: Pick<LaneAddress, 'target' | 'lane'>): string =>
  `${target}${DELIMITER}lane ${String(lane).padStart(2, '0')}`;

const deadLetterTitle = (target: string): string => `${target}${DELIMITER}dead letters`;

/** A lane on the board. Nothing can be done to it there; its jobs wait or are in flight with the lane's owner. */
export class LaneAdapter extends BullMQAdapter {
  readonly #title: string;
  readonly #ownerOf: () => string | undefined;

  constructor(queue: Queue, lane: Pick<LaneAddress, 'target' | 'lane'>, ownerOf: () => string | undefined) {
    const title = laneTitle(lane);
    super(queue, {
      ...{ readOnlyMode: true, delimiter: DELIMITER, displayName: title },
      description: `Batches on their way to ${lane.target}. Read-only: emptying or retrying by hand would break the order of keys.`,
    });
    this.#title = title;
    this.#ownerOf = ownerOf;
  }

  override getName(): string {
    return this.#title;
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

/** The dead letters of a target, with the reason of each. */
export class DeadLetterAdapter extends BullMQAdapter {
  readonly #title: string;

  constructor(queue: Queue, target: string) {
    const title = deadLetterTitle(target);
    super(queue, {
      ...{ readOnlyMode: true, delimiter: DELIMITER, displayName: title },
      description: `Records that can never reach ${target}, each with its reason.`,
    });
    this.#title = title;
  }

  override getName(): string {
    return this.#title;
  }

  override getJobStatuses(): JobStatus[] {
    return ['failed'];
  }

  /** Nobody works on dead letters until they are redriven. */
  override async getWorkers(): Promise<null> {
    return null;
  }
}
