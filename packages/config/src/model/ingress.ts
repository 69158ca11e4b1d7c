import type { StartPosition } from '@sluice/core';
import type { AwsSettings } from './aws.ts';
import type { BatchPolicy } from './batch-policy.ts';
import type { SourcePosition } from './position.ts';
import type { ProcessorSettings } from './processor.ts';
import type { ReaderSettings } from './reader.ts';
import type { Secret } from './secret.ts';
import type { Target } from './target.ts';

/** A named source of one or more streams. */
export interface Ingress {
  /** `namespace/name` (module.yaml), or `input/<label>`, `input/aws_kinesis` (Benthos). */
  readonly id: string;
  readonly position: SourcePosition;
  readonly aws: AwsSettings;
  /** Where a shard without checkpoint is read from. */
  readonly start: StartPosition;
  readonly streams: readonly IngressStream[];
  readonly reader: ReaderSettings;
  readonly onError: OnError;
  /** Input batches, whose processors are the first of `processors`; `undefined`: records are enqueued as they are read. */
  readonly batching: Omit<BatchPolicy, 'processors'> | undefined;
  /** Of the input. Its target runs them before its own, which begin with them. */
  readonly processors: readonly ProcessorSettings[];
  /** Properties exactly as the Stateful Functions connector would receive them, secrets guarded; empty for Benthos. */
  readonly connectorProperties: Readonly<Record<string, string | Secret>>;
}

/** What happens to a record that cannot be unpacked. */
export type OnError = 'pass' | 'dead_letter' | 'block' | 'drop';

export interface IngressStream {
  /** Name or ARN. */
  readonly stream: string;
  /** Explicit shards (`stream:shardId` in Benthos); `undefined` = all, shared out by leases. */
  readonly shardIds: readonly string[] | undefined;
  /** Stateful Functions' value type name, verbatim; `undefined` for Benthos. */
  readonly valueType: string | undefined;
  /** How it is reached, if in another region or under another role than the rest of the ingress. */
  readonly aws?: AwsSettings;
  /** Where its shards without checkpoint are read from, if not where the ingress says. */
  readonly start?: StartPosition | undefined;
  /** The same for single shards, by ID. */
  readonly shardStarts?: Readonly<Record<string, StartPosition>>;
  /** In the user's order. Empty: records are read and dropped (a warning said so). */
  readonly targets: readonly Target[];
  readonly position: SourcePosition;
}
