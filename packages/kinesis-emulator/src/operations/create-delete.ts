import {
  DEFAULT_MAX_RECORD_KIB,
  LARGEST_MAX_RECORD_KIB,
  MAX_RETENTION_HOURS,
  MAX_SHARDS_PER_STREAM,
  MIN_RETENTION_HOURS,
  ON_DEMAND_SHARDS,
} from '../limits.ts';
import { type JsonObject, optionalInteger, optionalObject, requiredInteger, requiredObject, requiredText } from '../protocol/input.ts';
import { invalidArgument, limitExceeded, resourceInUse, ServiceError } from '../service-error.ts';
import type { StreamMode } from '../store/stored-state.ts';
import type { Operation } from './operation.ts';
import { STREAM_NAME, targetStream } from './target-stream.ts';

const RECORD_KIB = { min: DEFAULT_MAX_RECORD_KIB, max: LARGEST_MAX_RECORD_KIB };
const RETENTION_HOURS = { min: 0, max: 1_000_000 };

const modeIn = (details: JsonObject): StreamMode =>
  requiredText(details, 'StreamMode', { among: ['PROVISIONED', 'ON_DEMAND'] }) as StreamMode;

export const createStream: Operation = ({ account }, input) => {
  const name = requiredText(input, 'StreamName', STREAM_NAME);
  const details = optionalObject(input, 'StreamModeDetails');
  const mode = details ? modeIn(details) : 'PROVISIONED';
  const asked = optionalInteger(input, 'ShardCount', { min: 1, max: Number.MAX_SAFE_INTEGER });
  const maxRecordKiB = optionalInteger(input, 'MaxRecordSizeInKiB', RECORD_KIB);
  if (mode === 'PROVISIONED' && asked === undefined) {
    throw new ServiceError('ValidationException', 'ShardCount must be given for a stream in provisioned capacity mode.');
  }
  if (mode === 'ON_DEMAND' && asked !== undefined) {
    throw new ServiceError('ValidationException', 'ShardCount must not be given for a stream in on-demand capacity mode.');
  }
  const shardCount = asked ?? ON_DEMAND_SHARDS;
  if (shardCount > MAX_SHARDS_PER_STREAM) {
    throw limitExceeded(`This request would exceed the shard limit of ${MAX_SHARDS_PER_STREAM} for account ${account.accountId}.`);
  }
  account.createStream({ name, shardCount, mode, maxRecordKiB });
  return undefined;
};

export const updateStreamMode: Operation = ({ account }, input) => {
  requiredText(input, 'StreamARN');
  const stream = targetStream(account, input);
  const mode = modeIn(requiredObject(input, 'StreamModeDetails'));
  stream.assertActive(account.accountId);
  stream.change('UPDATING', () => {
    stream.mode = mode;
  });
  return undefined;
};

export const deleteStream: Operation = ({ account }, input) => {
  const stream = targetStream(account, input);
  if (stream.consumers.all.length > 0 && input['EnforceConsumerDeletion'] !== true)
    throw resourceInUse(`Stream ${stream.name} under account ${account.accountId} has registered consumers.`);
  account.deleteStream(stream);
  return undefined;
};

export const updateMaxRecordSize: Operation = ({ account }, input) => {
  const stream = targetStream(account, input);
  const size = requiredInteger(input, 'MaxRecordSizeInKiB', RECORD_KIB);
  stream.assertActive(account.accountId);
  stream.change('UPDATING', () => {
    stream.maxRecordKiB = size;
  });
  return undefined;
};

/** Both directions of a change of the retention period; `sign` is 1 for a longer one. */
const changeRetention =
  (sign: 1 | -1): Operation =>
  ({ account }, input) => {
    const stream = targetStream(account, input);
    const hours = requiredInteger(input, 'RetentionPeriodHours', RETENTION_HOURS);
    if (hours < MIN_RETENTION_HOURS)
      throw invalidArgument(`Minimum allowed retention period is ${MIN_RETENTION_HOURS} hours. ${hours} hours is too short.`);
    if (hours > MAX_RETENTION_HOURS)
      throw invalidArgument(`Maximum allowed retention period is ${MAX_RETENTION_HOURS} hours. ${hours} hours is too long.`);
    if ((hours - stream.retentionHours) * sign < 0) {
      throw invalidArgument(
        `Requested retention period (${hours} hours) must not be ${sign > 0 ? 'shorter' : 'longer'} than the present one (${stream.retentionHours} hours).`,
      );
    }
    stream.assertActive(account.accountId);
    stream.change('UPDATING', () => {
      stream.retentionHours = hours;
    });
    return undefined;
  };

export const increaseStreamRetentionPeriod = changeRetention(1);
export const decreaseStreamRetentionPeriod = changeRetention(-1);
