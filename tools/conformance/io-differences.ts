/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
const FLUSHED = 'the original never flushes what is left in a batch without a period; it is flushed';
const TOO_LONG = 'the original cuts a line that is too long and hangs; the input fails';

export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['buf-memory-filedelete', 'the original drops at SIGTERM what its buffer holds; it is tried for as long as `shutdown_timeout` allows'],
  ['buf-memory-limit', 'the original loses a message larger than the buffer; it passes alone'],
  ['buf-memory-reject', 'the original drops at SIGTERM what its buffer holds; it is tried for as long as `shutdown_timeout` allows'],
  ['end-batch-bytes', FLUSHED],
  ['end-batch-flush', FLUSHED],
  ['end-batched-input-term', FLUSHED],
  ['end-batch-http-term', FLUSHED],
  ['http-shared', 'the recorded build has no metrics unless the file asks for them; they are served'],
  ['log-proc', 'log lines go to standard error'],
  ['noconfig-defaults', 'a file without input and output has nothing to run'],
  ['out-broker-batching', FLUSHED],
  ['out-dropon-bp', 'the original delivers what it dropped again and again; it is dropped once'],
  ['out-reject-nonacks', '`generate` honours `auto_replay_nacks: false`'],
  ['stdin-long', TOO_LONG],
  ['stdin-long-edge2', TOO_LONG],
]);
