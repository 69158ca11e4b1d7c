import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { JobStatus, QueueWorker } from '@bull-board/api/typings/app';
import type { LaneAddress } from '@sluice/queue';
import type { Queue } from 'bullmq';

/** Between a target and one of its queues. Bull Board splits names at it, and so groups the queues of a target. */
const DELIMITER = ': ';

const DEAD_LETTERS = 'dead letters';

/** The target whose dead letters have this name on the board; `undefined`: it is a lane, or nothing. */
export const targetOfDeadLetters = (title: string): string | undefined =>
  title.endsWith(DELIMITER + DEAD_LETTERS) ? title.slice(0, -(DELIMITER + DEAD_LETTERS).length) : undefined;

/** A lane on the board. Nothing can be done to it there; its jobs wait or are in flight with the lane's owner. */
export class LaneAdapter extends BullMQAdapter {
  readonly #title: string;
  readonly #ownerOf: () => string | undefined;

  constructor(queue: Queue, lane: Pick<LaneAddress, 'target' | 'lane'>, ownerOf: () => string | undefined) {
    const displayName = `lane ${String(lane.lane).padStart(2, '0')}`;
    super(queue, {
      ...{ readOnlyMode: true, delimiter: DELIMITER, displayName },
      description: `Batches on their way to ${lane.target}. Read-only: emptying or retrying by hand would break the order of keys.`,
    });
    this.#title = lane.target + DELIMITER + displayName;
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

/** The dead letters of a target, with the reason of each. What is done to them there is done by {@link queueActions}. */
export class DeadLetterAdapter extends BullMQAdapter {
  readonly #title: string;

  constructor(queue: Queue, target: string, { isReadOnly }: { readonly isReadOnly: boolean }) {
    super(queue, {
      ...{ readOnlyMode: isReadOnly, delimiter: DELIMITER, displayName: DEAD_LETTERS },
      description: `Records that can never reach ${target}, each with its reason. Retry sends them again; clean removes them.`,
    });
    this.#title = target + DELIMITER + DEAD_LETTERS;
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
