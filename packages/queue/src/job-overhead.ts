/** What a job costs in Redis beside its payload, bytes: its data, and BullMQ's bookkeeping. Part of what the gauge counts. */
export const JOB_OVERHEAD_BYTES = 1_024;
