import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Queue } from 'bullmq';

/** Between a target and its lane in a queue's name; Bull Board groups by it. */
const LANE_DELIMITER = ' lane ';
const DEAD_LETTER_DELIMITER = ' dead-';

/** A lane on the board. Nothing can be done to it there. */
export class LaneAdapter extends BullMQAdapter {
  constructor(queue: Queue, { target, lane }: { target: string; lane: number }) {
    super(queue, {
      readOnlyMode: true,
      delimiter: LANE_DELIMITER,
      displayName: `lane ${String(lane).padStart(2, '0')}`,
      description: `Batches on their way to ${target}. Read-only: emptying or retrying by hand would break the order of keys.`,
    });
  }
}

/** The dead letters of a target, with the reason of each. Redriving and removing is for the command line. */
export class DeadLetterAdapter extends BullMQAdapter {
  constructor(queue: Queue, target: string) {
    super(queue, {
      readOnlyMode: true,
      delimiter: DEAD_LETTER_DELIMITER,
      displayName: 'dead letters',
      description: `Records that can never reach ${target}, each with its reason.`,
    });
  }
}
