import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { silentLogger } from '@sluice/core';
import { openTracing } from '../tracing/open-tracing.ts';
import type { Tracing } from '../tracing/tracing.ts';

/** A span that has ended, and what it has to do with others, by their names. */
export interface TestSpan {
  readonly name: string;
  readonly parent: string | undefined;
  readonly links: readonly string[];
  readonly traceId: string;
  readonly error: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Tracing that keeps every span in memory. */
export function openTestTracing(): { readonly tracing: Tracing; readonly ended: () => Promise<readonly TestSpan[]> } {
  const exported: ReadableSpan[] = [];
  const exporter: SpanExporter = {
    export: (spans, done) => {
      exported.push(...spans);
      done({ code: 0 });
    },
    shutdown: async () => undefined,
    forceFlush: async () => undefined,
  };
  const tracing = openTracing({ to: exporter, ratio: 1, resource: {}, logger: silentLogger });
  return {
    tracing,
    /** In the order of their start. Nothing more is recorded. */
    ended: async () => {
      await tracing[Symbol.asyncDispose]();
      const names = new Map(exported.map((span) => [span.spanContext().spanId, span.name]));
      const nameOf = (spanId: string) => names.get(spanId) ?? spanId;
      return exported
        .toSorted((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
        .map((span) => ({
          name: span.name,
          parent: span.parentSpanContext && nameOf(span.parentSpanContext.spanId),
          links: span.links.map(({ context }) => nameOf(context.spanId)),
          traceId: span.spanContext().traceId,
          error: span.attributes['error.type'],
          attributes: span.attributes,
        }));
    },
  };
}
