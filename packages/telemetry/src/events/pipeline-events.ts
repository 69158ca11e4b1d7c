/** What the components of a pipeline in one process report. Each is named by its path in the file: `root.output.broker.outputs.0`. */
export type PipelineEvent =
  | { readonly type: 'input.opened'; readonly input: string }
  | { readonly type: 'input.openFailed'; readonly input: string }
  /** Its source could not be read to its end. */
  | { readonly type: 'input.lost'; readonly input: string }
  | { readonly type: 'input.received'; readonly input: string; readonly records: number }
  /** A batch was taken by all later stages, or given up. */
  | { readonly type: 'input.settled'; readonly input: string; readonly seconds: number }
  | { readonly type: 'output.opened'; readonly output: string }
  | { readonly type: 'output.openFailed'; readonly output: string }
  /** A whole batch. */
  | { readonly type: 'output.wrote'; readonly output: string; readonly written: number; readonly seconds: number }
  /** Some messages of a batch; it failed for the others. */
  | { readonly type: 'output.wrotePart'; readonly output: string; readonly written: number }
  /** For a batch, or for some of its messages. */
  | { readonly type: 'output.failed'; readonly output: string }
  /** `batching` is the component whose policy made the batch. */
  | { readonly type: 'batch.created'; readonly batching: string; readonly mechanism: 'count' | 'size' | 'check' | 'period' }
  | {
      readonly type: 'processor.processed';
      readonly processor: string;
      /** Messages. */
      readonly received: number;
      readonly sent: number;
      /** That it made. */
      readonly batches: number;
      readonly seconds: number;
    }
  /** For a message. */
  | { readonly type: 'processor.failed'; readonly processor: string };
