import { describe, expect, it } from 'vitest';
import { type ClientRecord, toSluiceRecord } from './client-record.ts';

describe('a record of a client', () => {
  it('becomes a record without a source', () => {
    expect(toSluiceRecord({ key: 'k', data: 'ü', metadata: { a: 'b' }, explicitHashKey: '0', stream: 's' }, 0)).toEqual({
      ...{ partitionKey: 'k', data: Buffer.from('ü'), metadata: { a: 'b' }, explicitHashKey: '0', stream: 's' },
    });
    expect(toSluiceRecord({ data: new Uint8Array([1]) }, 0)).toEqual({ partitionKey: '', data: new Uint8Array([1]), metadata: {} });
    expect(toSluiceRecord({ key: '😀'.repeat(256), data: '' }, 0).partitionKey).toHaveLength(512);
  });

  it.each<[string, unknown]>([
    ['expected text or bytes as data, found object', { data: { a: 1 } }],
    ['expected a key of up to 256 characters, found 257', { key: 'k'.repeat(257), data: '' }],
    ['expected a key of up to 256 characters, found number', { key: 7, data: '' }],
    ['expected up to 10485760 bytes of data, found 10485761', { data: new Uint8Array(10 * 1024 ** 2 + 1) }],
    ['expected a decimal number below 2^128 as explicit hash key, found something else', { data: '', explicitHashKey: String(1n << 128n) }],
    ['expected text as metadata', { data: '', metadata: { a: 1 } }],
  ])('is refused: %s', (problem, record) => {
    expect(() => toSluiceRecord(record as ClientRecord, 3)).toThrow(
      expect.objectContaining({ code: 'CLIENT_RECORD_INVALID', disposition: 'reject', message: `record 3 of the call: ${problem}` }),
    );
  });
});
