import type { Encoding } from '../encoding.ts';
import { isArn } from '../stream-member.ts';
import { decodeGetRecords } from './get-records-codec.ts';
import { decodePutRecords, encodePutRecords } from './put-records-codec.ts';

/** `application/x-amz-json-1.1`: data as base64 text. Every endpoint speaks it. */
export const jsonEncoding: Encoding = {
  contentType: 'application/x-amz-json-1.1',
  keepsBody: false,
  encodePutRecords: ({ stream, records }) => encodePutRecords(stream, records),
  encodeGetRecords: ({ stream, iterator, limit }) =>
    Buffer.from(JSON.stringify({ ShardIterator: iterator, Limit: limit, ...(isArn(stream) && { StreamARN: stream }) })),
  decodePutRecords,
  decodeGetRecords: (body, { stream, shardId }) => decodeGetRecords(body, stream, shardId),
  decodeError(body) {
    const { __type, code, message, Message } = JSON.parse(body.toString()) as Readonly<Record<string, string | undefined>>;
    return { type: __type ?? code, message: message ?? Message };
  },
};
