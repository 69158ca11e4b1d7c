import { type KinesisSource, KinesisValidationError, StreamNotFoundError } from '@sluice/kinesis';
import { StreamRecreatedError } from '@sluice/lease';
import { ShardExpiredError } from '../errors.ts';
import type { ShardTask } from '../shard-reader/shard-session.ts';
import type { IdentityCheck } from './identity-check.ts';
import type { ShardLooks } from './shard-looks.ts';

export interface RefusedIterator extends ShardTask {
  readonly kinesis: Pick<KinesisSource, 'listShards'>;
  readonly identityCheck: IdentityCheck;
  readonly looks: ShardLooks;
  readonly stream: string;
}

/**
 * What it means that Kinesis gives no iterator for a shard. "Not found" and "invalid" are said alike of a stream that is gone, of another
 * stream of its name, of a shard that the control plane does not know yet, and of one whose records have all expired. Only the last of
 * them lets the shard's children begin.
 * @throws {StreamRecreatedError} the stream is another one by now
 * @throws {ShardExpiredError} retention explains it, and lists over some time agree; see {@link ShardLooks}
 * @throws the error itself in every other case, also where Kinesis cannot be asked
 */
export async function explainRefusal(refused: RefusedIterator, error: unknown, signal: AbortSignal): Promise<never> {
  const { kinesis, stream, shardId, lease, identity, identityCheck, looks } = refused;
  if (!(error instanceof StreamNotFoundError || error instanceof KinesisValidationError)) throw error;
  const rethrow = (cause: unknown) => {
    throw cause instanceof StreamRecreatedError ? cause : error;
  };
  const description = await identityCheck.assertSame(identity, lease.key).catch(rethrow);
  const listed = await kinesis.listShards(stream, signal).catch(rethrow);
  const parents = (lease.facts['parents'] ?? '').split(',').filter((parent) => parent !== '');
  if (looks.gone(listed, [{ shardId, parents }], description).has(shardId)) throw new ShardExpiredError(stream, shardId);
  throw error;
}
