import { type KinesisSource, KinesisUnavailableError } from '@sluice/kinesis';

/**
 * Asks the stream itself whether a shard is closed. A shard once marked as read to its end is never looked at again, so a reply without
 * an iterator, which a proxy may also have made up, is not enough where it names no children.
 * @throws {KinesisUnavailableError} the shard is open
 */
export async function assertClosed(kinesis: Pick<KinesisSource, 'listShards'>, stream: string, shardId: string): Promise<void> {
  const shard = (await kinesis.listShards(stream)).find((each) => each.shardId === shardId);
  if (shard && shard.endingSequenceNumber === undefined) {
    throw new KinesisUnavailableError('a reply ended a shard that is open', { stream, shardId }, undefined);
  }
}
