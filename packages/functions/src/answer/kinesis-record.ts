import type { SluiceRecord } from '@sluice/core';
import { decodeKinesisEgressRecord, type KinesisEgressRecord, MalformedMessageError } from '@sluice/function-protocol';
import { InvalidAnswerError } from './errors.ts';

/**
 * The record that a message to a Kinesis egress asks for. Whether its key, hash key, stream and size are good is the egress's concern: a bad
 * one becomes a dead letter by itself, and stops neither its neighbours nor the address that sent it.
 * @param egressId for the message of the error
 * @throws InvalidAnswerError where the bytes are no record
 */
export function toKinesisRecord(bytes: Uint8Array, egressId: string): SluiceRecord {
  const { partitionKey, explicitHashKey, value, stream } = read(bytes, egressId);
  return {
    partitionKey,
    ...(explicitHashKey !== '' && { explicitHashKey }),
    data: value,
    metadata: {},
    ...(stream !== '' && { stream }),
  };
}

function read(bytes: Uint8Array, egressId: string): KinesisEgressRecord {
  try {
    return decodeKinesisEgressRecord(bytes);
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    throw new InvalidAnswerError('malformed-record', `a message for egress \`${egressId}\` cannot be read: ${error.message}`, { egressId });
  }
}
