import type { SubscribeInput } from '../../ports.ts';
import { CborWriter } from './cbor-writer.ts';

const BYTES_BESIDE_TEXTS = 256;

export function encodeSubscribe({ consumerArn, shardId, position }: Pick<SubscribeInput, 'consumerArn' | 'shardId' | 'position'>): Buffer {
  const number = 'sequenceNumber' in position ? position.sequenceNumber : '';
  const writer = new CborWriter(Buffer.allocUnsafe(BYTES_BESIDE_TEXTS + 3 * (consumerArn.length + shardId.length + number.length)));
  writer.map(3);
  writer.text('ConsumerARN');
  writer.text(consumerArn);
  writer.text('ShardId');
  writer.text(shardId);
  writer.text('StartingPosition');
  writer.map(number !== '' || position.type === 'AT_TIMESTAMP' ? 2 : 1);
  writer.text('Type');
  writer.text(position.type);
  if (number !== '') {
    writer.text('SequenceNumber');
    writer.text(number);
  }
  if (position.type === 'AT_TIMESTAMP') {
    writer.text('Timestamp');
    writer.timestamp(position.timestampMs);
  }
  return writer.bytes;
}
