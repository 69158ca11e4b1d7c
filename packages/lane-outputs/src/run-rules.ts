import { type ComponentSettings, type ProcessorSettings, withNestedComponents } from '@sluice/config';
import { keepsOrder } from './keeps-order.ts';

/** How much of a line may be with the output at once. */
export interface RunRules {
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** Whether all of it is one delivery, which is written or refused as a whole. */
  readonly isOneDelivery: boolean;
}

/** Records of a key that fill a request of PutRecords. */
const MAX_RECORDS = 500;
const MAX_BYTES = 1024 * 1024;

const ONE_RECORD: RunRules = { maxRecords: 1, maxBytes: Number.POSITIVE_INFINITY, isOneDelivery: false };

interface BatchingOptions {
  readonly batching?: {
    readonly count: number;
    readonly byte_size: number;
    /** Milliseconds. */
    readonly period: number;
    readonly check: { readonly source: string };
    readonly processors: readonly ProcessorSettings[] | undefined;
  };
  readonly batch_as_multipart?: boolean;
}

/** What an output may be handed of a key, so that the order of the key stays. */
export function runRulesOf(output: ComponentSettings): RunRules {
  if (keepsOrder(output)) return { ...ONE_RECORD, maxRecords: MAX_RECORDS };
  const { batching } = output.options as BatchingOptions;
  if (!batching || !writesBatchesAsOne(output)) return ONE_RECORD;
  // What fills a batch; a delivery is never torn apart.
  const { count, byte_size: bytes } = batching;
  return { maxRecords: count > 0 ? count : MAX_RECORDS, maxBytes: bytes > 0 ? bytes : MAX_BYTES, isOneDelivery: true };
}

/** Whether a batch is one message, or one request: nothing of it can be written while something before it is not. */
function writesBatchesAsOne(output: ComponentSettings): boolean {
  const { batching, batch_as_multipart: isOneRequest = false } = output.options as BatchingOptions;
  // To compress a message leaves it one message.
  const isArchived = batching?.processors?.findLast(({ type }) => type !== 'compress')?.type === 'archive';
  const [, ...nested] = withNestedComponents(output);
  return (isArchived || (output.type === 'http_client' && isOneRequest)) && nested.every(({ processors }) => processors.length === 0);
}
