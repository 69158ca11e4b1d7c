import type { SluiceRecord } from '@sluice/core';
import { rowsOf } from '@sluice/core/testing';
import { randomFor } from '@sluice/testkit';
import { JsonNumber } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { decodeFrame, openFrame } from './decode-frame.ts';
import { encodeFrame, encodeFrames } from './encode-frame.ts';
import { BatchFrameError } from './errors.ts';

const random = randomFor('frames');
const seeded = `(SLUICE_TEST_SEED=${random.seed})`;

describe('a batch frame', () => {
  it(`gives back every record as it was ${seeded}`, () => {
    for (let round = 0; round < 200; round++) {
      const records = Array.from({ length: random.below(20) }, randomRecord);
      expect(decodeFrame(encodeFrame(records))).toEqual(records);
    }
  });

  it('keeps its bytes: jobs outlive a deployment', () => {
    const record: SluiceRecord = {
      partitionKey: 'clé',
      explicitHashKey: '17',
      data: Buffer.from('hi'),
      metadata: { a: 1 },
      stream: 's',
      origin: { stream: 'o', shardId: 'x', sequenceNumber: '42', subSequenceNumber: 3, arrivalTimeMs: 5 },
    };
    const bare: SluiceRecord = { partitionKey: '', data: Buffer.alloc(0), metadata: {} };
    expect(encodeFrame([record, bare]).toString('hex')).toMatchInlineSnapshot(
      `"534201000200000003000100000073010000006f0100000078340000000f04000000636cc3a9020000003137000001000200020000003432030000000000000000001440070000007b2261223a317d6869050000000000000000"`,
    );
  });

  it('keeps the digits of every number in metadata', () => {
    const metadata = { big: 12345678901234567890n, price: new JsonNumber('1.10'), list: [new JsonNumber('9007199254740993')], text: '<é>' };
    const [record] = decodeFrame(encodeFrame([{ partitionKey: 'k', data: Buffer.alloc(0), metadata }]));
    expect(record!.metadata).toEqual({ ...metadata, big: new JsonNumber('12345678901234567890') });
  });

  it('gives views of the frame, not copies', () => {
    const frame = encodeFrame([{ partitionKey: 'k', data: Buffer.from('abc'), metadata: {} }]);
    const [{ data }] = decodeFrame(frame) as [SluiceRecord];
    frame.write('ABC', frame.length - 3);
    expect(Buffer.from(data).toString()).toBe('ABC');
  });

  it(`says where the data lie, and when a record arrived ${seeded}`, () => {
    const records = Array.from({ length: 20 }, randomRecord);
    const framed = openFrame(encodeFrame(records));
    expect(framed.map(({ dataRange: { bytes, start, end } }) => bytes.subarray(start, end))).toEqual(records.map(({ data }) => data));
    expect(framed.map(({ arrivalTimeMs }) => arrivalTimeMs)).toEqual(records.map(({ origin }) => origin?.arrivalTimeMs));
  });

  it('refuses a stream or a shard that is not in the dictionary', () => {
    const frame = encodeFrame([{ partitionKey: '', data: Buffer.alloc(0), metadata: {}, stream: 's' }]);
    const word = frame.length - 2;
    expect(frame.readUInt16LE(word)).toBe(0);
    frame.writeUInt16LE(1, word);
    expect(() => decodeFrame(frame)).toThrow('expected destination stream among 1 dictionary entries, got number 1');
  });

  it(`refuses a damaged frame with an error of its own, wherever it is damaged ${seeded}`, () => {
    const frame = encodeFrame(Array.from({ length: 5 }, randomRecord));
    for (let length = 0; length < frame.length; length++) {
      expect(() => decodeFrame(frame.subarray(0, length)), `cut to ${length}`).toThrow(BatchFrameError);
    }
    expect(() => decodeFrame(Buffer.concat([frame, Buffer.alloc(1)]))).toThrow(
      /expected the end of the frame after 5 records, got 1 more bytes/,
    );
    for (let round = 0; round < 2_000; round++) {
      const damaged = Buffer.from(frame);
      damaged[random.below(damaged.length)]! ^= 1 << random.below(8);
      try {
        expect(decodeFrame(damaged).length).toBeLessThan(2 ** 24);
      } catch (error) {
        expect(error).toBeInstanceOf(BatchFrameError);
      }
    }
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'expected a batch frame, got 0 bytes that do not begin as one'],
    ['something else', Buffer.from('{"records":[]}'), 'expected a batch frame, got 14 bytes that do not begin as one'],
    [
      'a later version',
      Buffer.from('534202000000000000', 'hex'),
      'expected a batch frame of version 1, got version 2.0; upgrade this worker',
    ],
    [
      'a record longer than the frame',
      Buffer.from('5342010001000000' + '0000' + 'ff000000', 'hex'),
      'malformed batch frame: expected a record of 255 bytes, got 0 (at byte 14)',
    ],
  ])('says what is wrong with %s', (_, bytes, message) => expect(() => decodeFrame(bytes)).toThrow(message));

  it('refuses metadata that is not JSON', () => {
    expect(() => encodeFrame([{ partitionKey: 'k', data: Buffer.alloc(0), metadata: { size: Number.NaN } }])).toThrow(BatchFrameError);
  });
});

describe('encodeFrames', () => {
  it(`writes rows of columns as it writes the same records as objects, byte for byte ${seeded}`, () => {
    const limits = { maxRecords: 7, maxBytes: 1_500 };
    for (let round = 0; round < 100; round++) {
      const shard = { stream: 'orders', shardId: random.pick(['shardId-1', 'orders']) };
      const records = Array.from({ length: random.below(40) }, (): SluiceRecord => {
        const { stream: _, ...record } = randomRecord();
        return { ...record, origin: { sequenceNumber: '1', subSequenceNumber: 0, arrivalTimeMs: 0, ...record.origin, ...shard } };
      });
      expect(encodeFrames(rowsOf(records), limits)).toEqual(encodeFrames(records, limits));
    }
  });

  it('cuts a batch at the limits, in order, and gives a record that is too large a frame of its own', () => {
    const records = [10, 10, 5_000, 10, 10, 10].map((size, index) => ({
      partitionKey: `k${index}`,
      data: Buffer.alloc(size),
      metadata: {},
    }));
    const slices = encodeFrames(records, { maxRecords: 2, maxBytes: 1_000 });
    expect(slices.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [2, 3],
      [3, 5],
      [5, 6],
    ]);
    expect(slices.flatMap(({ frame }) => decodeFrame(frame))).toEqual(records);
  });

  it('has no frame for no records', () => expect(encodeFrames([], { maxRecords: 2, maxBytes: 1_000 })).toEqual([]));
});

function randomRecord(): SluiceRecord {
  const text = () => Array.from({ length: random.below(12) }, () => random.pick(['a', '7', 'é', '漢', '😀', ' ', '\n', '\0'])).join('');
  const digits = () => Array.from({ length: 1 + random.below(56) }, () => random.below(10)).join('');
  return {
    partitionKey: text(),
    data: Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
    metadata: random.chance(0.5) ? {} : { [text()]: text(), n: random.below(9), nested: { list: [null, true, text()] } },
    ...(random.chance(0.5) && { explicitHashKey: digits() }),
    ...(random.chance(0.5) && { stream: text() }),
    ...(random.chance(0.5) && {
      origin: {
        stream: random.pick(['orders', 'clicks']),
        shardId: `shardId-${random.below(3)}`,
        sequenceNumber: digits(),
        subSequenceNumber: random.below(2 ** 32),
        arrivalTimeMs: random.next() * 2e12,
      },
    }),
  };
}
