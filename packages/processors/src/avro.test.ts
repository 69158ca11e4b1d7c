import { describe, expect, it } from 'vitest';
import { run, runWaiting, step } from './testing/chain.ts';

const schema = '{"type":"record","name":"order","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"]}]}';
const DOCUMENT = '{"id":1,"note":{"string":"a"}}';
const BINARY = Buffer.from([2, 2, 2, 0x61]);

const avro = (operator: string, encoding: string, options: object = { schema }) => step('avro', { operator, encoding, ...options });

describe('avro', () => {
  it('makes bytes of documents, and documents of bytes', async () => {
    expect(await contents([avro('from_json', 'binary')], [DOCUMENT])).toEqual([BINARY]);
    expect(await contents([avro('to_json', 'binary')], [BINARY])).toEqual([Buffer.from(DOCUMENT)]);
    expect(await contents([avro('to_json', 'textual')], [` ${DOCUMENT}`])).toEqual([Buffer.from(DOCUMENT)]);
  });

  it('puts the fingerprint of the schema in front of single objects, and looks for it there', async () => {
    const [single] = await contents([avro('from_json', 'single')], [DOCUMENT]);
    expect(single!.subarray(0, 2)).toEqual(Buffer.from([0xc3, 1]));
    expect(single!.subarray(10)).toEqual(BINARY);
    expect(await contents([avro('to_json', 'single')], [single!])).toEqual([Buffer.from(DOCUMENT)]);
    expect(await failures([avro('to_json', 'single')], [Buffer.concat([single!.subarray(0, 9), BINARY])])).toEqual([
      'failed to convert Avro document to JSON: expected the marker C3 01 and the fingerprint of the schema, found other bytes',
    ]);
  });

  it('flags what does not fit, leaves it as it is, and goes on with its neighbours', async () => {
    const bad = Buffer.from([2, 4]);
    expect(await contents([avro('to_json', 'binary')], [bad, BINARY])).toEqual([bad, Buffer.from(DOCUMENT)]);
    expect(await failures([avro('to_json', 'binary')], [bad, BINARY])).toEqual([
      expect.stringMatching(/^failed to convert Avro document to JSON: expected one of 2 branches/),
      undefined,
    ]);
    expect(await failures([avro('from_json', 'binary')], ['{"id":"x"}'])).toEqual([
      'failed to convert JSON to Avro schema: expected a long at the document.id',
    ]);
  });

  it('flags each message where only the library refuses the schema', async () => {
    const twice = '{"type":"enum","name":"a","symbols":["A","A"]}';
    expect(await failures([avro('to_json', 'binary', { schema: twice })], ['a'])).toEqual([
      expect.stringContaining('expected an Avro schema'),
    ]);
  });

  it.each([
    [{}, 'a schema must be specified with either the `schema` or `schema_path` fields'],
    [{ schema: '"tin"' }, 'failed to parse schema: expected an Avro schema: expected a known type, found `tin`'],
    [{ schema_path: 'http://h/s' }, 'expected a `schema_path` that begins with file://, found `http://h/s`'],
    [{ schema_path: 'file:///nothere.avsc' }, 'failed to load Avro schema definition: ENOENT'],
  ])('refuses %j', (options, reason) => {
    expect(() => run([avro('to_json', 'binary', options)], ['{}'])).toThrow(reason);
  });
});

const contents = async (...args: Parameters<typeof runWaiting>) =>
  (await runWaiting(...args)).map(({ message }) => Buffer.from(message.content));

const failures = async (...args: Parameters<typeof runWaiting>) =>
  (await runWaiting(...args)).map(({ message }) => message.failure?.message);
