import { parseJson } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { openAvro } from './avro-codec.ts';
import { readAvroSchemas } from './avro-schema.ts';

const ORDER = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'at', type: ['null', { type: 'long', logicalType: 'timestamp-millis' }] },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['NEW', 'OLD'] } },
    { name: 'mark', type: { type: 'fixed', name: 'Mark', size: 2 } },
    { name: 'raw', type: 'bytes' },
    { name: 'ratio', type: 'double' },
    { name: 'tags', type: { type: 'map', values: 'int' } },
    { name: 'before', type: ['null', 'Order', { type: 'array', items: 'shop.Kind' }] },
  ],
};
const LEAF = '{"id":-9223372036854775808,"note":null,"at":null,"kind":"NEW","mark":"ab","raw":"","ratio":1,"tags":{},"before":null}';
const DOCUMENT = `{"id":9007199254740993,"note":{"string":"ü"},"at":{"long.timestamp-millis":5},"kind":"OLD","mark":"ÿ\\u0000","raw":"ÿ","ratio":0.5,"tags":{"a":1,"b":-2},"before":{"shop.Order":${LEAF}}}`;

const codecOf = (...schemas: unknown[]) =>
  openAvro(
    schemas.map((schema) => JSON.stringify(schema)),
    { unwraps: false },
  );

describe('openAvro', () => {
  it('brings a document through bytes as it was', async () => {
    const { encode, decode, fromJson, toJson } = await codecOf(ORDER);
    expect(toJson(decode(encode(fromJson(parseJson(DOCUMENT)))))).toBe(DOCUMENT);
  });

  it('takes the default of a field that is absent, and leaves out fields that the schema does not have', async () => {
    const { encode, decode, fromJson, toJson } = await codecOf(ORDER);
    const document = LEAF.replace('"note":null,', '"more":[1],');
    expect(toJson(decode(encode(fromJson(parseJson(document)))))).toBe(LEAF);
  });

  it('knows types of the schemas before', async () => {
    const { decode, toJson } = await codecOf({ type: 'enum', name: 'a.Kind', symbols: ['X', 'Y'] }, { type: 'array', items: 'a.Kind' });
    expect(toJson(decode(Buffer.from([4, 0, 2, 0])))).toBe('["X","Y"]');
  });

  it('has the fingerprint that the specification of Avro gives', async () => {
    // "int" in Avro's own table of fingerprints.
    expect((await codecOf('int')).fingerprint.readBigUInt64LE().toString(16)).toBe('7275d51a3f395c8f');
  });

  it('says of what has no end that it is nested too deeply', async () => {
    const { decode } = await codecOf({ type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] });
    expect(() => decode(Buffer.from([0]))).toThrow('expected a value of the Avro schema: it is nested too deeply');
  });

  it('shows the beginning of a type that is none', () => {
    expect(() => readAvroSchemas([`"${'x'.repeat(1_000)}"`])).toThrow(/`x{100}…` at the schema$/);
  });

  it.each<[string, unknown, number[]]>([
    ['more items than there are bytes', { type: 'array', items: 'int' }, [0xfe, 0xff, 0xff, 0xff, 0x0f]],
    ['too many items without bytes', { type: 'array', items: 'null' }, [0xfe, 0xff, 0xff, 0xff, 0x0f, 0]],
    ['a text that is longer than the bytes', 'string', [20, 65]],
    ['a negative length', 'bytes', [1]],
    ['a branch that is none', ['null', 'int'], [4]],
    ['a symbol that is none', { type: 'enum', name: 'E', symbols: ['A'] }, [2]],
    ['bytes behind the value', 'int', [2, 2]],
    ['a number without an end', 'long', new Array<number>(11).fill(0x80)],
    ['a record in itself without an end', { type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] }, [0]],
  ])('refuses %s', async (_, schema, bytes) => {
    const { decode } = await codecOf(schema);
    expect(() => decode(Buffer.from(bytes))).toThrow(expect.objectContaining({ name: 'BloblangError' }));
  });

  it.each([
    [LEAF.replace('-9223372036854775808', '9223372036854775808'), 'expected a long at the document.id'],
    [LEAF.replace('-9223372036854775808', '1.5'), 'expected a long at the document.id'],
    [LEAF.replace('"note":null', '"note":"a"'), 'expected null or an object that names one of null, string at the document.note'],
    [LEAF.replace('"NEW"', '"LOST"'), 'expected a symbol out of NEW, OLD at the document.kind'],
    [LEAF.replace('"ab"', '"abc"'), 'expected a fixed of 2 bytes at the document.mark'],
    [LEAF.replace('"raw":""', '"raw":"€"'), 'expected a bytes at the document.raw'],
    [LEAF.replace('"tags":{}', '"tags":{"x":2147483648}'), 'expected an int at the document.tags.x'],
    [LEAF.replace(',"ratio":1', ''), 'expected a value at the document.ratio'],
    ['[]', 'expected a record at the document'],
  ])('refuses the document %s', async (document, message) => {
    const { fromJson } = await codecOf(ORDER);
    expect(() => fromJson(parseJson(document))).toThrow(message);
  });
});

it.each([
  ['{', 'expected an Avro schema, found no JSON'],
  ['"tin"', 'expected an Avro schema: expected a known type, found `tin` at the schema'],
  ['{"type":"record","name":"a","fields":[{"name":"b","type":{"type":"array"}}]}', 'expected a type at the schema.b.items'],
  ['{"type":"record","fields":[]}', 'expected a `name` at the schema'],
  ['{"type":"record","name":"a"}', 'expected `fields` at the schema'],
  ['{"type":"enum","name":"a"}', 'expected `symbols` at the schema'],
  ['{"type":"fixed","name":"a"}', 'expected a `size` at the schema'],
  ['5', 'expected a type at the schema'],
])('refuses the schema %s', (text, message) => {
  expect(() => readAvroSchemas([text])).toThrow(message);
});
