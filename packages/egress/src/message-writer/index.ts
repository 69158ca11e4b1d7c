/** The writer of an egress for pipelines in one process. Loads no Redis and no XState. */
export type { MessageWriter } from './message-writer.ts';
export { memoryLedgers, type OpenLedger, openMessageWriter } from './open-message-writer.ts';
