/** A collector of OpenTelemetry for tests: takes OTLP over HTTP in protobuf, and keeps what arrives. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { parse } from 'protobufjs';

/** The parts of OpenTelemetry's messages that tests look at. */
const { root } = parse(`
  syntax = "proto3";
  message AnyValue { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message NumberDataPoint { fixed64 start = 2; fixed64 time = 3; double as_double = 4; repeated KeyValue attributes = 7; }
  message HistogramDataPoint { fixed64 count = 4; double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; repeated KeyValue attributes = 9; }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum { repeated NumberDataPoint data_points = 1; int32 temporality = 2; bool is_monotonic = 3; }
  message Histogram { repeated HistogramDataPoint data_points = 1; int32 temporality = 2; }
  message Metric { string name = 1; string description = 2; Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Metrics { repeated ResourceMetrics resource_metrics = 1; }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6; repeated KeyValue attributes = 9; repeated Link links = 13; }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Traces { repeated ResourceSpans resource_spans = 1; }
`);

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface CollectedPoint {
  readonly attributes?: readonly Attribute[];
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
}

export interface CollectedMetric {
  readonly name: string;
  readonly gauge?: { readonly dataPoints: readonly CollectedPoint[] };
  readonly sum?: { readonly dataPoints: readonly CollectedPoint[]; readonly isMonotonic: boolean };
  readonly histogram?: { readonly dataPoints: readonly CollectedPoint[] };
}

export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

export async function startCollector() {
  const requests: Array<{ readonly url: string; readonly headers: Readonly<Record<string, unknown>> }> = [];
  const resources: Readonly<Record<string, unknown>>[] = [];
  const metrics = new Map<string, CollectedMetric>();
  const spans: CollectedSpan[] = [];
  let status = 200;
  const keep = (url: string, body: Buffer) => {
    const type = root.lookupType(url.endsWith('/v1/traces') ? 'Traces' : 'Metrics');
    const message = type.toObject(type.decode(body), { longs: String, bytes: String, arrays: false }) as Readonly<Record<string, never[]>>;
    for (const { resource, scopeMetrics = [], scopeSpans = [] } of [
      ...(message['resourceMetrics'] ?? []),
      ...(message['resourceSpans'] ?? []),
    ] as ReadonlyArray<{
      resource: { attributes: readonly Attribute[] };
      scopeMetrics?: ReadonlyArray<{ metrics: readonly CollectedMetric[] }>;
      scopeSpans?: ReadonlyArray<{ spans: readonly CollectedSpan[] }>;
    }>) {
      resources.push(attributesOf(resource.attributes));
      for (const metric of scopeMetrics.flatMap((scope) => scope.metrics)) metrics.set(metric.name, metric);
      spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    }
  };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    requests.push({ url: request.url!, headers: request.headers });
    if (status === 200) keep(request.url!, body);
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    resources,
    /** The newest of each name. */
    metrics,
    spans,
    answer: (next: number) => {
      status = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const attributesOf = (attributes: readonly Attribute[] = []): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
