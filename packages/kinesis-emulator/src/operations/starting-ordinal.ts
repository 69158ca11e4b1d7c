import { type JsonObject, optionalTimestampMs, requiredText } from '../protocol/input.ts';
import { invalidArgument } from '../service-error.ts';
import type { Shard } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';
import type { OperationContext } from './operation.ts';

const TYPES = ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'] as const;

/** What an operation calls the members of a starting position. */
export interface PositionMembers {
  readonly type: string;
  readonly sequenceNumber: string;
}

interface Place {
  readonly stream: Stream;
  readonly shard: Shard;
  readonly operation: string;
}

/** Where a starting position in a request lies in a shard. */
export function startingOrdinal(context: OperationContext, place: Place, input: JsonObject, members: PositionMembers): number {
  const { shard } = place;
  const type = requiredText(input, members.type, { among: TYPES }) as (typeof TYPES)[number];
  const number = input[members.sequenceNumber];
  if ((number !== undefined && number !== null) !== type.endsWith('SEQUENCE_NUMBER')) {
    throw invalidArgument(
      `Must either specify AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and ${members.sequenceNumber}, or another type and no ${members.sequenceNumber}. Request specified ${type}.`,
    );
  }
  switch (type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return shard.numbers.last + 1;
    case 'AT_SEQUENCE_NUMBER':
      return ordinalOfSequenceNumber(context, place, input, members.sequenceNumber);
    case 'AFTER_SEQUENCE_NUMBER':
      return ordinalOfSequenceNumber(context, place, input, members.sequenceNumber) + 1;
    case 'AT_TIMESTAMP':
      return ordinalAtTimestamp(context, place, input, members.type);
  }
}

function ordinalOfSequenceNumber({ account }: OperationContext, { stream, shard, operation }: Place, input: JsonObject, member: string) {
  const text = requiredText(input, member, { pattern: /^(0|([1-9]\d{0,128}))$/ });
  const ordinal = shard.numbers.parse(text);
  if (ordinal === undefined) {
    throw invalidArgument(
      `${member} ${text} used in ${operation} on shard ${shard.id} in stream ${stream.name} under account ${account.accountId} is invalid because it did not come from this stream and shard.`,
    );
  }
  return ordinal;
}

function ordinalAtTimestamp({ clock }: OperationContext, { shard }: Place, input: JsonObject, typeMember: string): number {
  const timestampMs = optionalTimestampMs(input, 'Timestamp');
  if (timestampMs === undefined) throw invalidArgument(`Must specify a Timestamp with the ${typeMember} AT_TIMESTAMP.`);
  if (timestampMs > clock.now()) {
    throw invalidArgument(`The timestamp ${timestampMs} cannot be greater than the current time ${clock.now()}, in milliseconds.`);
  }
  return shard.log.firstOrdinalSince(timestampMs) ?? shard.numbers.last + 1;
}
