/** What one job of a lane holds at most. A record that is larger has a job of its own. */
export const MAX_RECORDS_PER_JOB = 500;
export const MAX_BYTES_PER_JOB = 1024 ** 2;
/** The same for what must stay together. */
export const MAX_RECORDS_TOGETHER = 10_000;
export const MAX_BYTES_TOGETHER = 8 * 1024 ** 2;
