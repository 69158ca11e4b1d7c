import type { SluiceRecord } from '@sluice/core';
import { decodeKinesisEgressRecord, type KinesisEgressRecord, MalformedMessageError } from '@sluice/function-protocol';
import { checkRecord } from '@sluice/kinesis';
import { InvalidAnswerError } from './errors.ts';

const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

/**
 * The record that a message to a Kinesis egress asks for. As in the producer library that the original uses, blanks around the stream and
 * the hash key do not count. The size of the data is the egress's concern, since each stream has its own limit.
 * @param egressId for the message of the error
 * @throws InvalidAnswerError
 */
export function toKinesisRecord(bytes: Uint8Array, egressId: string): SluiceRecord {
  const fields = read(bytes, egressId);
  const stream = fields.stream.trim();
  if (!STREAM_NAME.test(stream)) {
    const found = stream === '' ? 'none' : `one of ${stream.length} characters`;
    throw new InvalidAnswerError(
      'invalid-stream',
      `a record for egress \`${egressId}\` needs a stream name of 1 to 128 letters, digits, \`_\`, \`.\` or \`-\`, got ${found}`,
      { egressId },
    );
  }
  const { partitionKey } = fields;
  const explicitHashKey = fields.explicitHashKey.trim() === '' ? undefined : canonicalHashKey(fields.explicitHashKey.trim());
  const problem = checkRecord({ partitionKey, explicitHashKey, data: fields.value }, Number.POSITIVE_INFINITY);
  if (problem) {
    throw new InvalidAnswerError('invalid-record', `a record for stream \`${stream}\` of egress \`${egressId}\`: ${problem.message}`, {
      egressId,
      stream,
      ...problem.details,
    });
  }
  return { partitionKey, ...(explicitHashKey !== undefined && { explicitHashKey }), data: fields.value, metadata: {}, stream };
}

function read(bytes: Uint8Array, egressId: string): KinesisEgressRecord {
  try {
    return decodeKinesisEgressRecord(bytes);
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    throw new InvalidAnswerError('malformed-record', `a message for egress \`${egressId}\` cannot be read: ${error.message}`, { egressId });
  }
}

/** Without leading zeros and plus sign, which the original's number type allows; what is no number stays as it is. */
const canonicalHashKey = (text: string): string => (/^[+-]?\d{1,100}$/.test(text) ? BigInt(text.replace(/^\+/, '')).toString() : text);
