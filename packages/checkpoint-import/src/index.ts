export { assertReached } from './assert-reached.ts';
export { readBenthosRows } from './benthos-rows.ts';
export { CheckpointImportError } from './errors.ts';
export { readListing } from './flink-listing.ts';
export type { ForeignCheckpoint, ForeignPosition } from './foreign-checkpoint.ts';
export { readKclLeases } from './kcl-leases.ts';
export { type ImportedShard, isOf, planImport } from './plan-import.ts';
export { scanTable } from './scan-table.ts';
