/** What the lanes of an egress tell; the composition adds the egress and hands it to telemetry. */
export type LaneEvent =
  | { readonly type: 'lease.claimed'; readonly lane: number }
  | { readonly type: 'lease.lost'; readonly lane: number; readonly reason: string }
  | { readonly type: 'lane.measured'; readonly records: number; readonly bytes: number }
  | { readonly type: 'ack.lost'; readonly lane: number; readonly records: number }
  | { readonly type: 'lane.takenOver'; readonly lane: number; readonly jobs: number }
  | { readonly type: 'lane.blocked'; readonly lane: number; readonly code: string; readonly reason: string; readonly attempts: number }
  /** The lane's next job has lost its payload, or cannot be read. */
  | { readonly type: 'payload.missing'; readonly lane: number; readonly code: string; readonly reason: string }
  | { readonly type: 'record.deadLettered'; readonly lane: number; readonly code: string; readonly reason: string }
  | { readonly type: 'replay.skipped'; readonly lane: number; readonly records: number };
