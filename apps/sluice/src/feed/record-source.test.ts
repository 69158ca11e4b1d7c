import { expect, it } from 'vitest';
import { partitionKeyOf } from './record-source.ts';

it.each([
  ['{"k":"a"}', 'a'],
  ['{"k":5}', '5'],
  ['{"k":false}', 'false'],
  ['{"k":""}', '{"k":""}'],
  ['{"k":null}', '{"k":null}'],
  ['{"k":{"a":1}}', '{"k":{"a":1}}'],
  ['{"k":["a"]}', '{"k":["a"]}'],
  ['{"other":1}', '{"other":1}'],
  ['null', 'null'],
  ['no document', 'no document'],
])('takes of %s the partition key %s', (line, key) => {
  expect(partitionKeyOf(line, 'k')).toBe(key);
});

it('shortens a line to what is a key, and no character of it', () => {
  expect(partitionKeyOf('😀'.repeat(300), undefined)).toBe('😀'.repeat(256));
});
