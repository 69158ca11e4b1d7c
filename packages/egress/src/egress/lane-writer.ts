import type { LaneHold } from '../egress-writer/lane-hold.ts';
import type { RecordInHand } from '../egress-writer/record-in-hand.ts';
import type { WriterHealth } from '../egress-writer/record-writer.ts';

/** Writes the records of an egress's lanes. Each record's ack handle learns what became of it. */
export interface LaneWriter {
  /** Reports how writing fares. Answers the way to stop: nothing more is sent, and what is in flight ends, whatever becomes of it. */
  run(report: (health: WriterHealth) => void): () => void;
  /** Takes over records of open lanes, in the order of their lanes. */
  accept(records: readonly RecordInHand[]): void;
  /** Lets an incomplete batch leave: at shutdown, or when there is no room for the rest of it. */
  flush(mechanism: 'shutdown' | 'memory'): void;
  /** Takes back all that waits of a lane, which is no longer open, and resolves once nothing of it is in flight. */
  withdraw(lane: LaneHold): Promise<void>;
  /** Counts what is in flight of a lane as unknown: it is handed back, and so may be written twice. */
  giveUp(lane: LaneHold): void;
}

/** A writer, and what is closed with it. */
export interface OpenedWriter {
  readonly writer: LaneWriter;
  readonly close: () => void;
}
