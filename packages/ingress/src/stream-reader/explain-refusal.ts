import { type KinesisSource, KinesisValidationError, StreamNotFoundError } from '@sluice/kinesis';
import { StreamRecreatedError } from '@sluice/lease';
import { ShardExpiredError } from '../errors.ts';
import type { ShardReaderTask } from './stream-reader.machine.ts';

export interface RefusedIterator extends Pick<ShardReaderTask, 'shardId' | 'lease' | 'identity'> {
  readonly kinesis: Pick<KinesisSource, 'describeStream' | 'listShards'>;
  readonly stream: string;
}

/**
 * What it means that Kinesis gives no iterator for a shard. "Not found" and "invalid" are said alike of a stream that is gone, of another
 * stream of its name, and of a shard whose records have all expired; only the last of them lets the shard's children begin.
 * @throws {StreamRecreatedError} the stream is another one by now
 * @throws {ShardExpiredError} the stream is the same, and lists its other shards only
 * @throws the error itself in every other case, also where Kinesis cannot be asked
 */
export async function explainRefusal(
  { kinesis, stream, shardId, lease, identity }: RefusedIterator,
  error: unknown,
  signal: AbortSignal,
): Promise<never> {
  if (!(error instanceof StreamNotFoundError || error instanceof KinesisValidationError)) throw error;
  const rethrow = () => {
    throw error;
  };
  const { arn, createdAtMs } = await kinesis.describeStream(stream, signal).catch(rethrow);
  if (arn !== identity.arn || createdAtMs !== identity.createdAtMs) {
    const stored = { streamArn: identity.arn, streamCreatedAtMs: identity.createdAtMs };
    throw new StreamRecreatedError(lease.key, stored, { streamArn: arn, streamCreatedAtMs: createdAtMs });
  }
  const listed = await kinesis.listShards(stream, signal).catch(rethrow);
  if (listed.length > 0 && listed.every((shard) => shard.shardId !== shardId)) throw new ShardExpiredError(stream, shardId);
  throw error;
}
