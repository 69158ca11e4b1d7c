/** What a writer tells; the composition adds the egress and hands it to telemetry. */
export type WriterEvent =
  | { readonly type: 'batch.flushed'; readonly mechanism: 'count' | 'size' | 'check' | 'period' | 'shutdown' | 'memory' }
  | {
      readonly type: 'request.answered';
      readonly written: number;
      readonly failed: number;
      /** Data bytes of the records written. */
      readonly bytes: number;
      readonly seconds: number;
    }
  | { readonly type: 'request.failed'; readonly code: string; readonly reason: string; readonly records: number }
  /** The answer was lost: these records may be written twice. */
  | { readonly type: 'request.ambiguous'; readonly records: number }
  | { readonly type: 'check.failed'; readonly reason: string }
  /** Processors left nothing of these records. */
  | { readonly type: 'records.filtered'; readonly records: number }
  /** A processor, named by its path, failed for a message. */
  | { readonly type: 'processing.failed'; readonly processor: string; readonly reason: string };
