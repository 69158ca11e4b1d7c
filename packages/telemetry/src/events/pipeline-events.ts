/** What caches and rate limits report, each named by its label. */
export type ResourceEvent =
  | ({ readonly type: 'cache.succeeded' } & OfCache)
  | ({ readonly type: 'cache.failed' } & OfCache)
  /** `get` found nothing. */
  | ({ readonly type: 'cache.notFound' } & OfCache)
  /** `add` found the key there already. */
  | ({ readonly type: 'cache.duplicate' } & OfCache)
  | { readonly type: 'rateLimit.checked'; readonly rateLimit: string }
  /** It had no place left. */
  | { readonly type: 'rateLimit.triggered'; readonly rateLimit: string }
  | { readonly type: 'rateLimit.failed'; readonly rateLimit: string };

type OfCache = {
  readonly cache: string;
  readonly operation: 'get' | 'set' | 'add' | 'delete';
  readonly seconds: number;
};

/** What the components of a pipeline in one process report. Each is named by its path in the file: `root.output.broker.outputs.0`. */
export type PipelineEvent =
  | ResourceEvent
  | { readonly type: 'buffer.received'; readonly buffer: string; readonly records: number }
  | { readonly type: 'buffer.sent'; readonly buffer: string; readonly records: number }
  /** A batch that it sent was taken by all later stages, or given up. */
  | { readonly type: 'buffer.settled'; readonly buffer: string; readonly seconds: number }
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
