import { unlistSource } from '@sluice/lease';
import { shardTableKey } from '@sluice/redis';
import type { Operator } from '../operator.ts';
import type { ChosenShards } from './chosen-shards.ts';
import { type LetGoOptions, whileLetGo } from './let-go.ts';

export interface ForgetOptions extends Omit<LetGoOptions, 'reason' | 'streams'> {
  /** All shards of a stream. */
  readonly stream: ChosenShards;
}

/**
 * Forgets what is known of a stream's shards: their leases and checkpoints. It is read from the start position of its ingress again.
 * @throws {ShardsInUseError} workers kept their shards, or lanes their jobs; nothing was changed
 */
export function forgetStream(operator: Operator, { stream, ...options }: ForgetOptions): Promise<void> {
  const { session, keyPrefix } = operator;
  const source = `${options.ingress}/${stream.stream}`;
  const table = shardTableKey(keyPrefix, source);
  return whileLetGo(operator, { ...options, streams: [stream], reason: `forget ${stream.stream}` }, async () => {
    await session.run(session.epoch, (client) => client.del(table, ...stream.shards.map(({ key }) => key)));
    await unlistSource(session, keyPrefix, source);
  });
}
