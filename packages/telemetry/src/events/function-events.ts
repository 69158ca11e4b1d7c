import type { DurationTally } from '../duration-tally.ts';

/** What a function type reports, without the `function` that {@link bindFunction} adds. Never a payload, a key or a secret. */
export type FunctionEvent =
  /** A request was answered, and the answer is valid. */
  | {
      readonly type: 'function.invoked';
      readonly messages: number;
      readonly seconds: number;
      /** From the arrival of the messages in their source stream until now; of those that came from a stream. */
      readonly delivered?: DurationTally;
    }
  /** A request failed for good, or its answer cannot be applied. `outcome`: what becomes of its messages. */
  | {
      readonly type: 'function.failed';
      readonly code: string;
      readonly reason: string;
      readonly outcome: 'park' | 'reject' | 'tryAlone';
    }
  | { readonly type: 'function.deadLettered'; readonly code: string; readonly reason: string }
  /** `parked` and `inFlight`: addresses of this worker. `delayed`: messages that are due later. */
  | {
      readonly type: 'function.measured';
      readonly records: number;
      readonly bytes: number;
      readonly parked: number;
      readonly inFlight: number;
      readonly delayed: number;
    }
  /** It cannot start yet. */
  | { readonly type: 'function.waiting'; readonly code: string; readonly reason: string; readonly attempt: number }
  | FunctionLaneEvent;

export type FunctionLaneEvent =
  /** The first job of a lane that this worker holds waits for so long; 0 where the lane is empty. */
  | { readonly type: 'function.laneAged'; readonly lane: string; readonly seconds: number }
  /** This worker does not hold the lane any more, or does not know its age. */
  | { readonly type: 'function.laneAgeEnded'; readonly lane: string }
  | { readonly type: 'function.laneTakenOver'; readonly lane: number; readonly jobs: number }
  | {
      readonly type: 'function.laneBlocked';
      readonly lane: number;
      readonly code: string;
      readonly reason: string;
      readonly attempts: number;
    }
  | { readonly type: 'function.payloadMissing'; readonly lane: number; readonly code: string; readonly reason: string }
  | { readonly type: 'function.replaySkipped'; readonly lane: number; readonly records: number };

/** Labels that every event of a function type carries: `namespace/name`. */
export type OfFunction = { readonly function: string };

/** What an endpoint reports. */
export type EndpointEvent =
  /** It gets fewer requests at a time, or more again. */
  { readonly type: 'endpoint.adapted'; readonly endpoint: string; readonly limit: number };

/** What the timers of delayed messages report. */
export type TimerEvent =
  | { readonly type: 'delayed.fired'; readonly records: number }
  | { readonly type: 'delayed.failed'; readonly code: string; readonly reason: string };
