import type { Encoding } from '../encoding.ts';
import { CborReader, knownNames } from './cbor-reader.ts';
import { decodeGetRecords, encodeGetRecords } from './get-records-codec.ts';
import { decodePutRecords, encodePutRecords } from './put-records-codec.ts';
import { encodeSubscribe } from './subscribe-codec.ts';

const NAMES = knownNames('__type', 'message', 'Message');

/** `application/x-amz-cbor-1.1`, the default of the SDK for Java: data as bytes, times in milliseconds. */
export const cborEncoding: Encoding = {
  contentType: 'application/x-amz-cbor-1.1',
  keepsBody: true,
  encodePutRecords,
  encodeGetRecords,
  encodeSubscribe,
  decodePutRecords,
  decodeGetRecords,
  decodeError(body) {
    const reader = new CborReader(body, NAMES);
    let type: string | undefined;
    let message: string | undefined;
    for (let left = reader.map(); reader.hasMore(left); left--) {
      const name = reader.name();
      if (name === '__type') type = reader.text();
      else if (name === '') reader.skip();
      else message = reader.text();
    }
    return { type, message };
  },
};
