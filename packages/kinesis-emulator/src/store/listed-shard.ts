import type { Shard } from './shard.ts';

/** A shard as lists and descriptions know it; a control plane that lags may still take a closed one for open. */
export type ListedShard = Pick<Shard, 'id' | 'facts' | 'isOpen' | 'closedAtMs' | 'startingSequenceNumber' | 'endingSequenceNumber'>;

/** The shard as it was before it was closed. */
export const asOpen = ({ id, facts, startingSequenceNumber }: Shard): ListedShard => ({
  id,
  facts,
  startingSequenceNumber,
  endingSequenceNumber: undefined,
  closedAtMs: undefined,
  isOpen: true,
});
