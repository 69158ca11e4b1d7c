import { type Checkpoint, formatCheckpoint } from '@sluice/lease';
import type { Operator } from '../operator.ts';
import { type LetGoOptions, whileLetGo } from './let-go.ts';

export interface RewindOptions extends Omit<LetGoOptions, 'reason'> {
  readonly to: Checkpoint;
}

/**
 * Reads shards again from another position, while workers run.
 * @throws {ShardsInUseError} workers kept their shards, or lanes their jobs; no checkpoint was changed
 */
export const rewind = (operator: Operator, { to, ...options }: RewindOptions): Promise<void> =>
  whileLetGo(operator, { ...options, reason: `rewind to ${formatCheckpoint(to)}` }, async () => {
    for (const { table, shards } of options.streams) for (const { shardId } of shards) await table.rewind(shardId, to);
  });
