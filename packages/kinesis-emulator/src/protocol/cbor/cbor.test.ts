import { randomFor } from '@sluice/testkit';
import { cbor, tag } from '@smithy/core/cbor';
import { describe, expect, it } from 'vitest';
import { ByteString } from '../byte-string.ts';
import { Timestamp } from '../timestamp.ts';
import { CborWriter } from './cbor-writer.ts';
import { decodeCbor } from './decode-cbor.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const SERIALIZATION = expect.objectContaining({ type: 'SerializationException' });

describe('decodeCbor', () => {
  it.each([
    ['an integer of each length', '85 17 1818 190100 1a00010000 1b0000000100000000', [23, 24, 256, 65_536, 2 ** 32]],
    ['negative integers', '82 20 3903e7', [-1, -1000]],
    ['floats of each length', '83 f93e00 fa47c35000 fb3ff199999999999a', [1.5, 100_000, 1.1]],
    ['half floats at their edges', '84 f90001 f97bff f9fc00 f98000', [2 ** -24, 65_504, Number.NEGATIVE_INFINITY, -0]],
    ['simple values', '84 f5 f4 f6 f7', [true, false, null, null]],
    ['an array of indefinite length', '9f 01 820203 9f ff ff', [1, [2, 3], []]],
    ['a map of indefinite length', 'bf 6141 01 6142 bf ff ff', { A: 1, B: {} }],
    ['text of indefinite length', '7f 62c3a9 6178 ff', 'éx'],
    ['a time in milliseconds', 'c1 1b0000018bcfe56800', new Timestamp(1_700_000_000_000)],
    ['a time that is a float', 'c1 fb4278bcfe56800000', new Timestamp(1_700_000_000_000)],
    ['a tag that means nothing to it', 'd8 2a 01', 1],
  ])('reads %s', (_, encoded, value) => {
    expect(decodeCbor(hex(encoded))).toEqual(value);
  });

  it('leaves bytes where they are, and joins those of indefinite length', () => {
    const body = hex('82 43010203 5f 41aa 42bbcc ff');
    const [whole, joined] = decodeCbor(body) as ByteString[];

    expect([whole!.source, whole!.start, whole!.end]).toEqual([body, 2, 5]);
    expect(joined!.source.subarray(joined!.start, joined!.end)).toEqual(hex('aabbcc'));
  });

  it.each([
    ['a reserved length', '1c'],
    ['a break outside', 'ff'],
    ['something behind the value', '01 02'],
    ['a key that is no text', 'a1 01 02'],
    ['a key that would change the object', 'a1 69 5f5f70726f746f5f5f a0'],
    ['pieces of another kind', '7f 4101 ff'],
    ['a time that is no number', 'c1 6141'],
    ['an array that claims more than there is', '9b 0000ffffffffffff 01'],
    ['text that claims more than there is', '7b 0000ffffffffffff 41'],
    ['too many levels', `${'81'.repeat(40)}01`],
  ])('refuses %s', (_, encoded) => {
    expect(() => decodeCbor(hex(encoded))).toThrow(SERIALIZATION);
  });

  it('refuses a request that ends at any byte but its last', () => {
    const fields = { Records: [{ Data: new Uint8Array(300), PartitionKey: 'k'.repeat(30), ExplicitHashKey: '0' }], Limit: 300 };
    const body = Buffer.from(cbor.serialize(fields));

    for (let length = 0; length < body.length; length++) {
      expect(() => decodeCbor(body.subarray(0, length)), `${length} bytes`).toThrow(SERIALIZATION);
    }
  });

  it('reads what another implementation writes', () => {
    const { seed, next: random } = randomFor('CBOR');
    for (let round = 0; round < 300; round++) {
      const value = randomValue(random, 4);
      expect(decodeCbor(Buffer.from(cbor.serialize(value))), `seed ${seed}, round ${round}`).toEqual(value);
    }
  });
});

describe('CborWriter', () => {
  it('writes what another implementation reads', () => {
    const { seed, next: random } = randomFor('CBOR');
    for (let round = 0; round < 300; round++) {
      const value = randomValue(random, 4);
      expect(cbor.deserialize(written(value)), `seed ${seed}, round ${round}`).toEqual(value);
    }
  });

  it.each([0, 1, 23, 24, 85, 86, 255, 256, 21_845, 65_535, 65_536])('writes text and bytes of length %i', (length) => {
    const bytes = Buffer.alloc(length, 7);

    expect(cbor.deserialize(written(['x'.repeat(length), 'é'.repeat(length), 'last']))).toEqual([
      'x'.repeat(length),
      'é'.repeat(length),
      'last',
    ]);
    expect(Buffer.from(cbor.deserialize(written(new ByteString(bytes))))).toEqual(bytes);
  });

  it('writes a time as tag 1 with whole milliseconds, and leaves out what is undefined', () => {
    const value = cbor.deserialize(written({ At: new Timestamp(1_700_000_000_000), Nothing: undefined }));

    expect(value).toEqual({ At: tag({ tag: 1, value: 1_700_000_000_000 }) });
  });
});

function written(value: unknown): Buffer {
  const writer = new CborWriter(1);
  writer.value(value);
  return writer.bytes;
}

/** Something that JSON could hold too, so that both implementations give it back as it was. */
function randomValue(random: () => number, depth: number): unknown {
  const below = (bound: number) => Math.floor(random() * bound);
  switch (below(depth > 0 ? 7 : 5)) {
    case 0:
      return below(2 ** below(33)) * (random() < 0.5 ? 1 : -1) || 0;
    case 1:
      return random() - 0.5;
    case 2:
      return 'xé€𝄞'.repeat(below(40)).slice(below(3));
    case 3:
      return random() < 0.5;
    case 4:
      return null;
    case 5:
      return Array.from({ length: below(30) }, () => randomValue(random, depth - 1));
    default:
      return Object.fromEntries(Array.from({ length: below(30) }, (_, index) => [`key${index}`, randomValue(random, depth - 1)]));
  }
}
