import { allMetadata, type Context, defineFunction, fromMetadata } from '@sluice/bloblang';
import { BloblangError, encodeJson, isArray, isObject, setKey, toText, type Value, type ValueObject } from '@sluice/values';

const KEY = { name: 'key', type: 'string', default: '', description: 'The key; without one all metadata is given as an object.' } as const;

export const metadata = defineFunction('metadata', {
  category: 'Message Info',
  status: 'stable',
  description:
    'Metadata of the message as it came in, or null if there is no such key. What the mapping has written itself is seen with `@key`.',
  parameters: [KEY],
  examples: [{ mapping: 'root.topic = metadata("topic")', input: {}, output: { topic: null } }],
  prepare: ([key]) => ({
    annotation: key === '' ? 'metadata object' : `metadata field ${key}`,
    evaluate:
      key === ''
        ? ({ execution, index }) => allMetadata(execution.inputMetadata(index))
        : ({ execution, index }) => fromMetadata(execution.inputMetadataOf(index, key)),
  }),
});

export const meta = defineFunction('meta', {
  category: 'Deprecated',
  status: 'deprecated',
  description: 'Metadata of the message as it came in, as text; null if there is none or it is empty. Use `metadata` instead.',
  parameters: [KEY],
  examples: [{ mapping: 'root.topic = meta("topic") | "none"', input: {}, output: { topic: 'none' } }],
  prepare: ([key]) => ({
    annotation: key === '' ? 'meta object' : `meta field ${key}`,
    evaluate: (context) => textOf(context.execution.inputMetadata(context.index), key),
  }),
});

export const rootMeta = defineFunction('root_meta', {
  category: 'Deprecated',
  status: 'deprecated',
  description: 'Metadata of the new message, as text; null if there is none or it is empty. Use `@key` instead.',
  parameters: [KEY],
  examples: [{ mapping: 'meta topic = "news"\nroot.topic = root_meta("topic")', input: {}, output: { topic: 'news' } }],
  prepare: ([key]) => ({
    annotation: key === '' ? 'root_meta object' : `root_meta field ${key}`,
    evaluate: (context) => textOf(outputMetadata(context), key),
  }),
});

function outputMetadata(context: Context): ValueObject {
  const all = context.execution.outputMetadata();
  if (all === null) throw new BloblangError('root metadata cannot be queried in this context');
  return all;
}

function textOf(all: ValueObject, key: string): Value {
  if (key !== '') {
    const text = Object.hasOwn(all, key) ? metadataText(fromMetadata(all[key]!)) : '';
    return text === '' ? null : text;
  }
  const texts: ValueObject = {};
  for (const name of Object.keys(all)) setKey(texts, name, metadataText(fromMetadata(all[name]!)));
  return texts;
}

const metadataText = (value: Value): string => (isArray(value) || isObject(value) ? encodeJson(value) : toText(value));
