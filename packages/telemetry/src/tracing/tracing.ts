/** Spans, as the data plane sees them. What records them is loaded only where a collector is configured; elsewhere there is no `Tracing`. */
export interface Tracing {
  start(span: SpanStart): RunningSpan;
}

export interface SpanStart {
  readonly name: string;
  /** `consumer` takes what another process has sent, `producer` hands on, `client` asks and waits. */
  readonly kind: 'consumer' | 'producer' | 'client' | 'server' | 'internal';
  /** The `traceparent` of the span that this one belongs to; a new trace where absent or malformed. */
  readonly parent?: string | undefined;
  /** `traceparent` of others that it has to do with. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
  /** Milliseconds since 1970. Now, where absent. */
  readonly startMs?: number;
}

export type SpanAttributes = Readonly<Record<string, string | number>>;

export interface RunningSpan {
  /** As W3C Trace Context has it, for those who go on elsewhere. */
  readonly traceparent: string;
  /** `undefined` where the trace is not recorded. */
  readonly traceId: string | undefined;
  set(attributes: SpanAttributes): void;
  /** Ends it. @param error why it failed, where it did */
  end(error?: unknown): void;
}
