import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';
import { compressorOf } from '@sluice/codecs';
import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

const SCHEMA: avsc.Schema = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'] },
    { name: 'at', type: ['null', { type: 'long', logicalType: 'timestamp-millis' }] },
    { name: 'price', type: 'double' },
    { name: 'weight', type: 'float' },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['NEW', 'OLD'] } },
    { name: 'raw', type: 'bytes' },
    { name: 'tags', type: { type: 'map', values: 'int' } },
    { name: 'before', type: ['null', 'Order', { type: 'array', items: 'Kind' }] },
  ],
};
const FIRST = { id: 1, note: null, at: null, price: 1.5, weight: 0.1, kind: 'NEW', raw: Buffer.from([0, 255]), tags: {}, before: null };
const SECOND = {
  ...{ id: 2, note: 'ü"', at: 5, price: 1e21, weight: 3, kind: 'OLD', raw: Buffer.from('a'), tags: { b: 1, a: 2 } },
  before: { ...FIRST, before: ['OLD'] },
};
const tail = '"kind":"NEW","raw":"\\u0000ÿ","tags":{}';
const LINES = [
  `{"id":1,"note":null,"at":null,"price":1.5,"weight":0.1,${tail},"before":null}`,
  `{"id":2,"note":{"string":"ü\\""},"at":{"long.timestamp-millis":5},"price":1e+21,"weight":3,"kind":"OLD","raw":"a","tags":{"b":1,"a":2},"before":{"shop.Order":{"id":1,"note":null,"at":null,"price":1.5,"weight":0.1,${tail},"before":{"array":["OLD"]}}}}`,
];

/** As Avro's own library writes it; `blockSize` bytes end a block. */
async function container(schema: avsc.Schema, values: readonly unknown[], codec = 'null', blockSize = 20): Promise<Buffer> {
  const codecs = Object.fromEntries(
    Object.entries(COMPRESSED).map(([name, run]) => [name, (data: Buffer, done: Done) => done(null, run(data))]),
  );
  const encoder = new avsc.streams.BlockEncoder(schema, { codec, codecs: codecs as never, blockSize });
  const whole = buffer(encoder);
  for (const value of values) encoder.write(value);
  encoder.end();
  return whole;
}

type Done = (error: null, data: Buffer) => void;

const COMPRESSED: Readonly<Record<string, (data: Buffer) => Buffer>> = {
  null: (data) => data,
  deflate: (data) => deflateRawSync(data),
  zstandard: (data) => zstdCompressSync(data),
  snappy: (data) => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(data));
    return Buffer.concat([compressorOf('snappy')(data, -1), checksum]);
  },
};

function scan(file: Buffer, { options = '{}', chunkSize = 7 } = {}): Promise<string> {
  const chunks = Array.from({ length: Math.ceil(file.length / chunkSize) }, (_, index) =>
    file.subarray(index * chunkSize, (index + 1) * chunkSize),
  );
  return runText(`input: {stdin: {auto_replay_nacks: false, scanner: {avro: ${options}}}}\npipeline: {threads: 1}\n`, {
    stdin: Readable.from(chunks),
  });
}

describe('the avro scanner', () => {
  it.each(Object.keys(COMPRESSED))('makes a document of each object, in blocks of codec %s', async (codec) => {
    const file = await container(SCHEMA, [FIRST, SECOND, FIRST], codec);
    const expected = `${[...LINES, LINES[0]].join('\n')}\n`;
    expect(await scan(file)).toBe(expected);
    expect(await scan(file, { chunkSize: 100_000 })).toBe(expected);
  });

  it('writes values of unions as they are with raw_json', async () => {
    expect(await scan(await container({ type: 'array', items: ['null', 'string'] }, [['a', null]]), { options: '{raw_json: true}' })).toBe(
      '["a",null]\n',
    );
  });

  it('keeps integers that no number of JavaScript holds', async () => {
    const file = await container('long', [0]);
    const big = Buffer.concat([
      file.subarray(0, file.length - 19),
      Buffer.from([2, 20, ...new Array<number>(9).fill(0xff), 1]),
      file.subarray(-16),
    ]);
    expect(await scan(big)).toBe('-9223372036854775808\n');
  });

  it('reads a file without objects', async () => {
    expect(await scan((await container('int', [1])).subarray(0, -19))).toBe('');
  });

  it('keeps what stands before the place where a file breaks off, and fails there', async () => {
    const file = await container('string', ['a'.repeat(15), 'b'.repeat(15)]);
    const written: string[] = [];
    const run = runText('input: {stdin: {scanner: {avro: {}}}}\n', {
      stdin: Readable.from([file.subarray(0, -1)]),
      onOutput: (text) => written.push(text),
    });
    await expect(run).rejects.toThrow(/breaks off/);
    expect(written.at(-1)).toBe(`"${'a'.repeat(15)}"\n`);
  });

  it.each<[string, (file: Buffer) => Buffer, RegExp]>([
    ['other bytes', () => Buffer.from('{"a":1}\n'), /expected an Avro container file/],
    ['another marker', (file) => Buffer.concat([file.subarray(0, -1), Buffer.from([file.at(-1)! ^ 1])]), /expected the marker/],
    ['an unknown codec', (file) => Buffer.from(file.toString('latin1').replace('null', 'nope'), 'latin1'), /expected a codec out of null/],
    [
      'a schema that is none',
      (file) => Buffer.from(file.toString('latin1').replace('"int"', '"tin"'), 'latin1'),
      /expected an Avro schema/,
    ],
    [
      'fewer objects than it says',
      (file) => Buffer.concat([file.subarray(0, -19), Buffer.from([4]), file.subarray(-18)]),
      /expected 2 objects/,
    ],
  ])('refuses %s', async (_, change, reason) => {
    const failed = scan(change(await container('int', [1])));
    await expect(failed).rejects.toThrow(expect.objectContaining({ code: 'SOURCE_MALFORMED', message: expect.stringMatching(reason) }));
  });
});
