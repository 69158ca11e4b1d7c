import type { BatchPolicy } from '@sluice/batcher';
import { parseMapping } from '@sluice/bloblang-library';
import type { Ingress } from '@sluice/config';
import type { GatheredRecord } from '../shard-reader/gathered-record.ts';

/** The input's batch policy; its processors are those of its target. `undefined` where records are enqueued as they are read. */
export function compileBatching(batching: Ingress['batching']): BatchPolicy<GatheredRecord> | undefined {
  if (!batching) return undefined;
  const { count, byteSize, periodMs, check } = batching;
  const mapping = check && parseMapping(check.source);
  // Asks the newest record, which sees the whole batch.
  return { count, byteSize, periodMs, ...(mapping && { check: (batch) => mapping.check(batch, batch.length - 1) }) };
}
