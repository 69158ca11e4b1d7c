import type { StartingPosition } from '../../ports.ts';
import type { Encoding } from '../encoding.ts';
import { isArn } from '../stream-member.ts';
import { decodeGetRecords } from './get-records-codec.ts';
import { decodePutRecords, encodePutRecords } from './put-records-codec.ts';

function positionMembers(position: StartingPosition) {
  const { type } = position;
  if (position.type === 'AT_TIMESTAMP') return { Type: type, Timestamp: position.timestampMs / 1000 };
  return 'sequenceNumber' in position ? { Type: type, SequenceNumber: position.sequenceNumber } : { Type: type };
}

/** `application/x-amz-json-1.1`: data as base64 text. Every endpoint speaks it. */
export const jsonEncoding: Encoding = {
  contentType: 'application/x-amz-json-1.1',
  keepsBody: false,
  encodePutRecords: ({ stream, records }) => encodePutRecords(stream, records),
  encodeGetRecords: ({ stream, iterator, limit }) =>
    Buffer.from(JSON.stringify({ ShardIterator: iterator, Limit: limit, ...(isArn(stream) && { StreamARN: stream }) })),
  encodeSubscribe: ({ consumerArn, shardId, position }) =>
    Buffer.from(JSON.stringify({ ConsumerARN: consumerArn, ShardId: shardId, StartingPosition: positionMembers(position) })),
  decodePutRecords,
  decodeGetRecords: (body, { stream, shardId }) => decodeGetRecords(body, stream, shardId),
  decodeError(body) {
    const { __type, code, message, Message } = JSON.parse(body.toString()) as Readonly<Record<string, string | undefined>>;
    return { type: __type ?? code, message: message ?? Message };
  },
};
