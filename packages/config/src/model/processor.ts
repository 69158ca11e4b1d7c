import type { AwsSettings } from './aws.ts';
import type { BloblangSource, SourcePosition } from './position.ts';

/**
 * One processor over batches, as configured. `options` holds the fields of the type with their defaults, every text already
 * checked: Bloblang fields as {@link BloblangSource}, nested processors as `ProcessorSettings[]`.
 */
export interface ProcessorSettings {
  readonly type: string;
  readonly label: string | undefined;
  /** Dot path as Benthos writes it, for log lines and metrics: `root.pipeline.processors.0`. */
  readonly path: string;
  readonly position: SourcePosition;
  readonly options: ProcessorOptions;
}

export type ProcessorOption =
  | string
  | number
  | boolean
  | null
  | BloblangSource
  | AwsSettings
  | readonly ProcessorSettings[]
  | readonly ProcessorOption[]
  | { readonly [name: string]: ProcessorOption };

export interface ProcessorOptions {
  readonly [name: string]: ProcessorOption;
}

/** The processors and all that are nested in them. */
export const withNested = (processors: readonly ProcessorSettings[]): readonly ProcessorSettings[] =>
  processors.flatMap((processor) => [processor, ...withNested(Object.values(processor.options).flatMap(processorsIn))]);

function processorsIn(option: ProcessorOption): readonly ProcessorSettings[] {
  if (Array.isArray(option)) return option.flatMap((each: ProcessorOption) => processorsIn(each));
  if (typeof option !== 'object' || option === null) return [];
  return isProcessor(option) ? [option] : Object.values(option).flatMap(processorsIn);
}

const isProcessor = (option: object): option is ProcessorSettings => 'type' in option && 'path' in option && 'options' in option;
