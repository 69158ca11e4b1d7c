/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
const FLUSHED = 'the original never flushes what is left in a batch without a period; it is flushed';
const TOO_LONG = 'the original cuts a line that is too long and hangs; the input fails';

export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['buf-memory-limit', 'the original loses a message larger than the buffer; it passes alone'],
  ['end-batch-bytes', FLUSHED],
  ['end-batch-flush', FLUSHED],
  ['end-batched-input-term', FLUSHED],
  ['end-batch-http-term', FLUSHED],
  ['http-shared', 'the recorded build has no metrics unless the file asks for them; they are served'],
  ['log-proc', 'log lines go to standard error'],
  ['out-broker-batching', FLUSHED],
  ['stdin-long', TOO_LONG],
  ['stdin-long-edge2', TOO_LONG],
]);
