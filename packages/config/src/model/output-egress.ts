import type { Ordering } from './egress.ts';
import type { ComponentSettings } from './pipeline.ts';
import type { SourcePosition } from './position.ts';
import type { ResourcesSettings } from './resources.ts';

/** A named sink other than a stream: an output that takes its records from lanes. */
export interface OutputEgress {
  /** `output/<label>`, or `output/<type>` without a label. */
  readonly id: string;
  readonly position: SourcePosition;
  /** Its processors begin with those of the pipeline; they run on each record by itself, or on each input batch. */
  readonly output: ComponentSettings;
  /** Whether what a lane has of an input batch is one delivery. */
  readonly takesBatches: boolean;
  readonly ordering: Ordering;
  /** Lanes of this egress. */
  readonly lanes: number;
  /** Whether a record whose processing failed becomes a dead letter (Benthos `error_handling.strict`); else it is written as it is. */
  readonly refusesFailedRecords: boolean;
  /** What its processors and outputs share. */
  readonly resources: ResourcesSettings;
}

/** One as its own file has it. */
export type OutputEgressDraft = Omit<OutputEgress, 'ordering' | 'lanes'>;
