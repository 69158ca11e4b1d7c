import type { EventOf } from '../events/events.ts';
import type { PipelineEvent } from '../events/pipeline-events.ts';
import type { EventRule } from './rules.ts';

/** A pipeline counts under the names of Benthos alone, and writes its log lines itself. */
const counted = (message: string) => ({ level: undefined, message, metrics: [] });

export const pipelineRules: { readonly [Type in PipelineEvent['type']]: EventRule<EventOf<Type>> } = {
  'cache.succeeded': counted('cache carried out an operation'),
  'cache.failed': counted('cache could not carry out an operation'),
  'cache.notFound': counted('cache has no such key'),
  'cache.duplicate': counted('cache has the key already'),
  'rateLimit.checked': counted('rate limit was asked'),
  'rateLimit.triggered': counted('rate limit had no place left'),
  'rateLimit.failed': counted('rate limit could not be asked'),
  'buffer.received': counted('buffer received messages'),
  'buffer.sent': counted('buffer sent messages'),
  'buffer.settled': counted('a batch of the buffer is settled'),
  'input.opened': counted('input opened'),
  'input.openFailed': counted('input cannot be opened'),
  'input.lost': counted('input cannot be read to its end'),
  'input.received': counted('input received messages'),
  'input.settled': counted('a batch is settled'),
  'output.opened': counted('output opened'),
  'output.openFailed': counted('output cannot be opened'),
  'output.wrote': counted('output wrote messages'),
  'output.wrotePart': counted('output wrote some messages of a batch'),
  'output.failed': counted('output could not write'),
  'batch.created': counted('batch created'),
  'processor.processed': counted('processor went over a batch'),
  'processor.failed': counted('a processor failed for a message'),
};
