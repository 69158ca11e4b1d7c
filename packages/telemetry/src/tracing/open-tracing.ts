/** Records spans with OpenTelemetry's SDK, and sends them to a collector. Loaded only where one is configured. */
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type Logger, toErrorReport } from '@sluice/core';
import { type Collector, createOutageReport, type ResourceAttributes, urlOf } from '../otlp/collector.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import type { RunningSpan, SpanStart, Tracing } from './tracing.ts';

export interface TracingOptions {
  /** Where spans go: a collector, or an exporter of the caller's. */
  readonly to: Collector | SpanExporter;
  /** Share of the traces that begin here which are recorded; others follow where they began. */
  readonly ratio: number;
  readonly resource: ResourceAttributes;
  readonly logger: Logger;
}

const KINDS = {
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
} as const;

const EXPORT_TIMEOUT_MS = 10_000;
/** Spans that wait for the collector, at most; further ones are dropped. */
const MAX_WAITING_SPANS = 8_192;

/** Disposing of it sends what waits, for two seconds at most. */
export function openTracing({ to, ratio, resource, logger }: TracingOptions): Tracing & AsyncDisposable {
  const exporter = 'endpoint' in to ? exporterTo(to, logger) : to;
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    resource: resourceFromAttributes(resource),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS, maxQueueSize: MAX_WAITING_SPANS })],
  });
  const tracer = provider.getTracer('sluice');
  return {
    start({ name, kind, parent, links = [], attributes = {}, startMs }: SpanStart): RunningSpan {
      const parentContext = parent === undefined ? undefined : parseTraceparent(parent);
      const context = parentContext ? trace.setSpanContext(ROOT_CONTEXT, parentContext) : ROOT_CONTEXT;
      const linked = links.flatMap((link) => parseTraceparent(link) ?? []).map((of) => ({ context: of }));
      const options = { kind: KINDS[kind], links: linked, attributes, ...(startMs !== undefined && { startTime: startMs }) };
      return running(tracer.startSpan(name, options, context));
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.race([provider.shutdown().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
    },
  };
}

function running(span: Span): RunningSpan {
  const context = span.spanContext();
  return {
    traceparent: formatTraceparent(context),
    traceId: span.isRecording() ? context.traceId : undefined,
    set: (attributes) => void span.setAttributes(attributes),
    end: (error) => {
      if (error !== undefined) {
        const { code, message } = toErrorReport(error);
        span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR, message });
      }
      span.end();
    },
  };
}

function exporterTo(collector: Collector, logger: Logger): SpanExporter {
  const url = urlOf(collector, '/v1/traces');
  const exporter = new OTLPTraceExporter({ url, headers: { ...collector.headers }, timeoutMillis: EXPORT_TIMEOUT_MS });
  const report = createOutageReport(logger, 'traces', url);
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        report(result.code === 0 ? undefined : (result.error ?? new Error('no reason given')));
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
}
