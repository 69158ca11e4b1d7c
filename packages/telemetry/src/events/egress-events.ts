import type { DurationTally } from '../duration-tally.ts';

/** What an egress reports, without the `egress` that {@link bindEgress} adds. Never a payload, a key or a secret. */
export type EgressEvent = EgressStateEvent | WriterEvent | LaneEvent;

/** Labels that every event of an egress carries. */
export type OfEgress = { readonly egress: string };

export type EgressStateEvent =
  | { readonly type: 'egress.waiting'; readonly code: string; readonly reason: string; readonly attempt: number }
  /** No request was answered for long; the egress is not ready. */
  | { readonly type: 'egress.failing'; readonly code: string; readonly reason: string }
  | { readonly type: 'egress.recovered' }
  /** Its lanes go to other workers. */
  | { readonly type: 'egress.yielded'; readonly lanes: number };

export type WriterEvent =
  /** Its stream is found; records are written from now on. */
  | { readonly type: 'egress.opened'; readonly stream: string; readonly lanes: number; readonly ordering: string }
  | { readonly type: 'batch.flushed'; readonly mechanism: 'count' | 'size' | 'check' | 'period' | 'shutdown' | 'memory' }
  | { readonly type: 'check.failed'; readonly reason: string }
  /** Processors left nothing of these records. */
  | { readonly type: 'records.filtered'; readonly records: number }
  /** A processor, named by its path, went over a batch. Reported only where metrics have Benthos' names. */
  | {
      readonly type: 'processor.ran';
      readonly processor: string;
      /** Messages. */
      readonly received: number;
      readonly sent: number;
      /** That it made. */
      readonly batches: number;
      readonly seconds: number;
    }
  /** A processor, named by its path, failed for a message. */
  | { readonly type: 'processing.failed'; readonly processor: string; readonly reason: string }
  | {
      readonly type: 'request.answered';
      readonly written: number;
      readonly failed: number;
      /** Of those that failed. */
      readonly throttled: number;
      /** Data bytes of the records written. */
      readonly bytes: number;
      readonly seconds: number;
      /** From the arrival of the records written in their source until now; of those that came from a stream. */
      readonly delivered?: DurationTally;
    }
  | { readonly type: 'request.failed'; readonly code: string; readonly reason: string; readonly records: number }
  /** A request failed in part: these records are written, an earlier one of their key is not yet. */
  | { readonly type: 'records.reordered'; readonly records: number }
  /** Records waited for budget of their shards: how many of them, times how long, in seconds. */
  | { readonly type: 'budget.awaited'; readonly recordSeconds: number }
  /** The stream was resharded: these records were written in containers to shards that they do not belong to, and are written again. */
  | { readonly type: 'records.misplaced'; readonly records: number }
  /** Requests were made smaller and more patient after time-outs, or larger again. */
  | { readonly type: 'request.adapted'; readonly timeoutSeconds: number; readonly maxRecords: number }
  /** A record was too large for its stream: its data are elsewhere, and a record that refers to them takes its place. */
  | { readonly type: 'record.offloaded'; readonly bytes: number }
  /** The data of a record that is too large could not be put elsewhere; it is tried again. `records` wait for their data to be put. */
  | { readonly type: 'offload.failed'; readonly code: string; readonly reason: string; readonly records: number }
  /** The answer was lost: these records may be written twice. */
  | { readonly type: 'request.ambiguous'; readonly records: number };

export type LaneEvent =
  /** The first job of a lane that this worker holds waits for so long; 0 where the lane is empty. */
  | { readonly type: 'lane.aged'; readonly lane: string; readonly seconds: number }
  /** This worker does not hold the lane any more, or does not know its age. */
  | { readonly type: 'lane.ageEnded'; readonly lane: string }
  | { readonly type: 'lane.measured'; readonly records: number; readonly bytes: number }
  | { readonly type: 'lane.takenOver'; readonly lane: number; readonly jobs: number }
  | { readonly type: 'lane.blocked'; readonly lane: number; readonly code: string; readonly reason: string; readonly attempts: number }
  /** Records were written, and the lane was lost before they were acknowledged. */
  | { readonly type: 'ack.lost'; readonly lane: number; readonly records: number }
  /** The lane's next job has lost its payload, or cannot be read. */
  | { readonly type: 'payload.missing'; readonly lane: number; readonly code: string; readonly reason: string }
  | { readonly type: 'record.deadLettered'; readonly lane: number; readonly code: string; readonly reason: string }
  | { readonly type: 'replay.skipped'; readonly lane: number; readonly records: number };
