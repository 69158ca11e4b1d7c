/** What can make a batch leave; the `mechanism` of Benthos's `batch_created` metric. */
export type FlushReason = 'count' | 'size' | 'check' | 'period';

/** When a batch is ready to leave. A threshold triggers a flush, it does not cap a batch. */
export interface BatchPolicy<Item> {
  /** Items at which a batch leaves; 0 disables. */
  readonly count: number;
  /** Payload bytes (keys and metadata not counted) at which a batch leaves; 0 disables. */
  readonly byteSize: number;
  /** Milliseconds since the last flush, or since construction, after which an incomplete batch leaves; 0 disables. */
  readonly periodMs: number;
  /**
   * Asked after each item that triggered nothing else, with everything buffered, newest last. May throw: that counts as `false`
   * and is reported.
   */
  readonly check?: (batch: readonly Item[]) => boolean;
}

/**
 * Whether the policy batches nothing, so that everything should pass as it comes. As in Benthos, `count: 1` counts as off.
 * Processors keep a policy in force upstream; pass that in `hasProcessors`.
 */
export const isNoop = <Item>({ count, byteSize, periodMs, check }: BatchPolicy<Item>, hasProcessors = false): boolean =>
  count <= 1 && byteSize <= 0 && periodMs <= 0 && check === undefined && !hasProcessors;

/** Whether anything can ever make a batch leave. A policy of processors alone has no trigger and must be refused. */
export const hasTrigger = <Item>({ count, byteSize, periodMs, check }: BatchPolicy<Item>): boolean =>
  count > 0 || byteSize > 0 || periodMs > 0 || check !== undefined;
