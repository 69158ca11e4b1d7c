import { defineFunction, readerOf } from '@sluice/bloblang';
import { formatPath, parsePath, sanitize } from '@sluice/values';

export const batchIndex = defineFunction('batch_index', {
  category: 'Message Info',
  status: 'stable',
  description: 'The place of the message within its batch, from 0.',
  examples: [{ mapping: 'root.place = batch_index()', input: {}, output: { place: 0 } }],
  evaluate: (_, context) => BigInt(context.index),
});

export const batchSize = defineFunction('batch_size', {
  category: 'Message Info',
  status: 'stable',
  description: 'The number of messages in the batch.',
  examples: [{ mapping: 'root.of = batch_size()', input: {}, output: { of: 1 } }],
  evaluate: (_, context) => BigInt(context.execution.batchSize),
});

export const content = defineFunction('content', {
  category: 'Message Info',
  status: 'stable',
  description: 'The bytes of the message as it came in. Within a document they become base64 unless turned into text first.',
  examples: [
    { mapping: 'root.raw = content().string()', input: 'no document', output: { raw: 'no document' } },
    { mapping: 'root.size = content().length()', input: 'four', output: { size: 4 } },
  ],
  evaluate: (_, context) => context.execution.content(context.index),
});

export const json = defineFunction('json', {
  category: 'Message Info',
  status: 'stable',
  description: 'A field of the message as it came in, whatever `this` is at the moment. Without a path the whole document.',
  parameters: [{ name: 'path', type: 'string', default: '', description: 'The path of the field, with dots.' }],
  examples: [
    { mapping: 'root.name = json("user.name")', input: { user: { name: 'Ada' } }, output: { name: 'Ada' } },
    { mapping: 'root.all = json()', input: { a: [1] }, output: { all: { a: [1] } } },
  ],
  prepare: ([text]) => {
    const path = text === '' ? [] : parsePath(text);
    const read = readerOf(path);
    return {
      annotation: `json path \`${formatPath(path)}\``,
      evaluate: (context) => sanitize(context.execution.structured(context.index, read)),
    };
  },
});
