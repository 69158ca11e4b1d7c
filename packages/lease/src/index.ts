export { LeaseLostError, LeaseRowError, type StreamIdentity, StreamRecreatedError } from './errors.ts';
export { type FencingToken, formatFencingToken, isSameToken, parseFencingToken } from './fencing-token.ts';
export type { LeaseEvent } from './keeper/lease-event.ts';
export {
  createLeaseKeeper,
  type LeaseKeeper,
  type LeaseKeeperOptions,
} from './keeper/lease-keeper.ts';
export type { Lease, LeaseLossReason } from './lease.ts';
export type {
  ClaimAnswer,
  ClaimRequest,
  LeaseStore,
  PulseAnswer,
  PulsedLease,
  PulseRequest,
  ReleaseRequest,
  RowState,
  SurveyedRow,
} from './lease-store.ts';
export { type MoveLeaseOptions, moveLease } from './move.ts';
export { type Pause, pauseGroup, readPause, resumeGroup } from './pause.ts';
export { freeResource, type LeaseResource } from './plan/lease-resource.ts';
export { createRedisLeaseStore } from './redis-lease-store.ts';
export { type Checkpoint, formatCheckpoint, parseCheckpoint, resolveStart } from './shards/checkpoint.ts';
export { importShards, type ShardImport } from './shards/import-shards.ts';
export { createRedisShardTable, type ShardTableOptions } from './shards/redis-shard-table.ts';
export type { CheckpointAnswer, ListedShard, ShardRow, ShardTable } from './shards/shard-table.ts';
export { sourceName } from './shards/source-name.ts';
export { listSources, unlistSource } from './shards/sources.ts';
export { type ShardSurvey, surveyShards } from './shards/survey-shards.ts';
export { createWorkerId } from './worker-id.ts';
