export {
  deadLetterQueue,
  type LaneAddress,
  type LaneName,
  laneLeaseKey,
  laneQueue,
  type QueueAddress,
  type TargetAddress,
} from '@sluice/redis';
export type { DeadLetter, DeadLetterSummary } from './dead-letters/dead-letter.ts';
export { formatDeadLetterLine, parseDeadLetterLine } from './dead-letters/dead-letter-line.ts';
export {
  countDeadLetters,
  type DeadLetterAddress,
  getDeadLetter,
  type ListDeadLettersOptions,
  listDeadLetters,
  redriveDeadLetter,
  removeDeadLetter,
  sendAgain,
} from './dead-letters/dead-letters.ts';
export { type DeadLettersMeasure, measureDeadLetters } from './dead-letters/dead-letters-measure.ts';
export { type BrokenDeadLetter, readOldestDeadLetters, removeDeadLetters } from './dead-letters/oldest-dead-letters.ts';
export { type DelayedMessages, type FireDelayedOptions, type FiredMessages, fireDelayed, readDelayed } from './delayed/delayed-messages.ts';
export { applyEffects } from './effects/apply-effects.ts';
export type {
  CancelOperation,
  CommandOperation,
  DeadLetterOperation,
  DelayOperation,
  Guard,
  LaneEffects,
  Operation,
  SendOperation,
  WriteCommand,
} from './effects/lane-effects.ts';
export { GuardFailedError, LanesNotDrainedError, StaleJobError } from './errors.ts';
export { decodeFrame } from './frame/decode-frame.ts';
export { encodeFrame } from './frame/encode-frame.ts';
export type { LaneJobData, LaneSource, LaneSourceData } from './job-data.ts';
export { auditLane, type LaneAudit } from './lanes/audit-lane.ts';
export { type ClearReplayFilterOptions, clearReplayFilter } from './lanes/clear-replay-filter.ts';
export { readLaneAges } from './lanes/lane-ages.ts';
export { type KeyPrefixOption, listLanes, listTargets, readLaneCount, recordLanes, type TargetLanes } from './lanes/lane-count.ts';
export { type LaneCounts, readLaneCounts } from './lanes/lane-counts.ts';
export type { LaneLayout } from './lanes/lane-entry.ts';
export { laneOf } from './lanes/lane-of.ts';
export { createLaneRoster, type LaneRoster } from './lanes/lane-roster.ts';
export { beginLaneResize, type LaneContents, type LaneResize } from './lanes/resize-lanes.ts';
export { readSeenShards, type SeenShard } from './lanes/seen-shards.ts';
export { dropStoredJob, type ExaminedJob, examineStoredJob, listStoredJobs, type StoredJob } from './lanes/stored-jobs.ts';
export { readStoredRecords } from './lanes/stored-records.ts';
export { type LaneSurvey, surveyLanes } from './lanes/survey-lanes.ts';
export type { LaneJob } from './receiver/lane-job.ts';
export type {
  HandBackOptions,
  JobSettlement,
  LaneReceiver,
  LaneReceiverOptions,
  LaneTake,
  Rejection,
  TakeOver,
  UnfinishedJob,
} from './receiver/lane-receiver.ts';
export { openLaneReceiver } from './receiver/open-lane-receiver.ts';
export type { LaneBarrier } from './sender/lane-barrier.ts';
export {
  type LaneBatch,
  type LaneSender,
  type LaneSenderOptions,
  openLaneSender,
} from './sender/lane-sender.ts';
export type { Backlog, Pressure, WaterMarks } from './sender/water-marks.ts';
