import type { BloblangSource } from './position.ts';
import type { ProcessorSettings } from './processor.ts';

/** When a batch is flushed. 0 (or `undefined` for `check`) switches a trigger off; at least one is set. */
export interface BatchPolicy {
  readonly count: number;
  readonly byteSize: number;
  readonly periodMs: number;
  /** A query that answers `true` for the record that completes a batch. */
  readonly check: BloblangSource | undefined;
  /** Run over each flushed batch. */
  readonly processors: readonly ProcessorSettings[];
}
