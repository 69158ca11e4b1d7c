import { describe, expect, it } from 'vitest';
import { type Parcel, SendBuffer } from './send-buffer.ts';

const parcel = (records: number, bytes = records): Parcel => ({
  records: Array.from({ length: records }, () => ({ partitionKey: '', data: new Uint8Array(), metadata: {} })),
  bytes,
  resolve: () => undefined,
  reject: () => undefined,
});

describe('the send buffer', () => {
  it('gives parcels in their order, up to a limit and at least one', () => {
    const buffer = new SendBuffer({ records: 100, bytes: 1_000 });
    const [a, b, c, d] = [parcel(6), parcel(3), parcel(2), parcel(1, 900)];
    for (const each of [a, b, c, d]) buffer.add(each);
    expect(buffer.take({ records: 9, bytes: 100 })).toEqual([a, b]);
    expect(buffer.take({ records: 1, bytes: 1 })).toEqual([c]);
    expect(buffer.take({ records: 9, bytes: 100 })).toEqual([d]);
    expect(buffer.take({ records: 9, bytes: 100 })).toEqual([]);
  });

  it('counts what is taken until it is released', () => {
    const buffer = new SendBuffer({ records: 10, bytes: 100 });
    buffer.add(parcel(10, 40));
    const taken = buffer.take({ records: 10, bytes: 100 });
    expect([buffer.isEmpty, buffer.hasRoom, buffer.load]).toEqual([true, false, { records: 10, bytes: 40 }]);
    buffer.release(taken);
    expect([buffer.hasRoom, buffer.load]).toEqual([true, { records: 0, bytes: 0 }]);
  });

  it('takes a parcel back only while it is queued', () => {
    const buffer = new SendBuffer({ records: 10, bytes: 100 });
    const [a, b] = [parcel(1), parcel(2)];
    buffer.add(a);
    buffer.add(b);
    expect(buffer.take({ records: 1, bytes: 1 })).toEqual([a]);
    expect([buffer.remove(a), buffer.remove(b), buffer.load]).toEqual([false, true, { records: 1, bytes: 1 }]);
  });
});
