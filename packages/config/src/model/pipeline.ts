import type { BloblangSource, SourcePosition } from './position.ts';
import type { ProcessorSettings } from './processor.ts';
import type { ResourcesSettings } from './resources.ts';

/** An input, processors and an output that run in one process, without lanes and without Redis. */
export interface Pipeline {
  readonly input: ComponentSettings;
  /** A buffer in memory; `undefined`: none. */
  readonly buffer: BufferSettings | undefined;
  readonly processors: readonly ProcessorSettings[];
  readonly output: ComponentSettings;
  /** `undefined`: none is asked for. */
  readonly http: PipelineHttp | undefined;
  /** Whether it counts, and its HTTP server serves, metrics (Benthos `metrics: none`). */
  readonly countsMetrics: boolean;
  /** Batches that are processed at the same time; 0 or less: as many as there are cores. */
  readonly threads: number;
  /** Whether a message whose processing failed is refused (Benthos `error_handling.strict`); else it is written as it is. */
  readonly refusesFailed: boolean;
  /** What its processors share. */
  readonly resources: ResourcesSettings;
}

/** The HTTP server of a pipeline. */
export interface PipelineHttp {
  /** `host:port`. */
  readonly address: string;
  /** Paths are served below it too. */
  readonly rootPath: string;
  readonly position: SourcePosition;
}

export interface BufferSettings {
  /** Bytes that it may hold. */
  readonly limit: number;
  readonly batching: BufferBatching | undefined;
}

export interface BufferBatching {
  readonly path: string;
  readonly position: SourcePosition;
  /** The fields of a batch policy, its processors compiled. */
  readonly policy: {
    readonly count: number;
    readonly byte_size: number;
    /** Milliseconds. */
    readonly period: number;
    readonly check: BloblangSource;
    readonly processors: readonly ProcessorSettings[] | undefined;
  };
}

/** An input, output or scanner as configured. */
export interface ComponentSettings {
  readonly type: string;
  readonly label: string | undefined;
  /** Dot path as Benthos writes it, for log lines: `root.output.switch.cases.0.output`. */
  readonly path: string;
  readonly position: SourcePosition;
  /**
   * What stands under the type, read by its schema, with its defaults: components nested in it as `ComponentSettings`, processors as
   * `ProcessorSettings[]`. Of an `aws_kinesis` output: an `EgressDraft`. Of a `resource`: the component that it names, the same object wherever
   * it is named.
   */
  readonly options: unknown;
  /** Its own processors. */
  readonly processors: readonly ProcessorSettings[];
}
