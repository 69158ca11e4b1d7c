import { MAX_SHARDS_PER_STREAM } from '../limits.ts';
import { type JsonObject, requiredInteger, requiredText } from '../protocol/input.ts';
import { invalidArgument, limitExceeded, resourceNotFound, ServiceError } from '../service-error.ts';
import { areAdjacent, parseHashKey, toBigInt } from '../store/hash-range.ts';
import { merge, scaleTo, split } from '../store/resharding.ts';
import type { Shard } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';
import { SHARD_ID } from './get-shard-iterator.ts';
import type { Operation, OperationContext } from './operation.ts';
import { targetStream } from './target-stream.ts';

/** A stream whose shards the client may change: active, and in provisioned mode. */
function reshardable({ account }: OperationContext, input: JsonObject, operation: string): Stream {
  const stream = targetStream(account, input);
  if (stream.mode === 'ON_DEMAND') {
    throw new ServiceError(
      'ValidationException',
      `${operation} is not supported for stream ${stream.name}: it is in on-demand capacity mode.`,
    );
  }
  stream.assertActive(account.accountId);
  return stream;
}

function openShard({ account }: OperationContext, stream: Stream, id: string): Shard {
  const shard = stream.shard(id);
  if (!shard) throw resourceNotFound(`Could not find shard ${id} in stream ${stream.name} under account ${account.accountId}.`);
  if (!shard.isOpen) {
    throw invalidArgument(
      `Shard ${id} in stream ${stream.name} under account ${account.accountId} has already been merged or split, and thus is not eligible for merging or splitting.`,
    );
  }
  return shard;
}

export const splitShard: Operation = (context, input) => {
  const stream = reshardable(context, input, 'SplitShard');
  const shard = openShard(context, stream, requiredText(input, 'ShardToSplit', SHARD_ID));
  const decimal = requiredText(input, 'NewStartingHashKey', { pattern: /^(0|([1-9]\d{0,38}))$/ });
  const key = parseHashKey(decimal);
  // The service wants more than one hash key in either child.
  if (key === undefined || toBigInt(key) <= toBigInt(shard.facts.range.start) + 1n || key >= shard.facts.range.end) {
    throw invalidArgument(
      `NewStartingHashKey ${decimal} used in SplitShard() on shard ${shard.id} in stream ${stream.name} under account ${context.account.accountId} is not both greater than one plus the shard's StartingHashKey and less than its EndingHashKey.`,
    );
  }
  stream.change('UPDATING', () => split(stream, shard, key));
  return undefined;
};

export const mergeShards: Operation = (context, input) => {
  const stream = reshardable(context, input, 'MergeShards');
  const shard = openShard(context, stream, requiredText(input, 'ShardToMerge', SHARD_ID));
  const adjacent = openShard(context, stream, requiredText(input, 'AdjacentShardToMerge', SHARD_ID));
  if (!areAdjacent(shard.facts.range, adjacent.facts.range) && !areAdjacent(adjacent.facts.range, shard.facts.range)) {
    throw invalidArgument(
      `Shards ${shard.id} and ${adjacent.id} in stream ${stream.name} under account ${context.account.accountId} are not an adjacent pair of shards eligible for merging`,
    );
  }
  stream.change('UPDATING', () => merge(stream, shard, adjacent));
  return undefined;
};

export const updateShardCount: Operation = (context, input) => {
  requiredText(input, 'ScalingType', { among: ['UNIFORM_SCALING'] });
  const target = requiredInteger(input, 'TargetShardCount', { min: 1, max: Number.MAX_SAFE_INTEGER });
  const stream = reshardable(context, input, 'UpdateShardCount');
  const current = stream.openShards.length;
  if (target > MAX_SHARDS_PER_STREAM)
    throw limitExceeded(`TargetShardCount ${target} exceeds the limit of ${MAX_SHARDS_PER_STREAM} shards a stream.`);
  if (target > current * 2 || target < current / 2) {
    throw invalidArgument(
      `UpdateShardCount cannot scale from ${current} to ${target} shards: at most double and at least half the current count.`,
    );
  }
  stream.change('UPDATING', () => scaleTo(stream, target));
  return { StreamName: stream.name, StreamARN: stream.arn, CurrentShardCount: current, TargetShardCount: target };
};
