export { type BenthosComponent, type FindComponent, resourcePath } from './benthos/benthos-meters.ts';
export { benthosRules } from './benthos/benthos-rules.ts';
export { type Catalogue, catalogue } from './catalogue/catalogue.ts';
export { type MeasuredRule, measured } from './catalogue/measured.ts';
export type { EventRule, MetricRule } from './catalogue/rules.ts';
export type { CustomMetrics } from './custom-metrics.ts';
export { DELIVERY_SECONDS, DurationTally } from './duration-tally.ts';
export type { DeadLetterEvent } from './events/dead-letter-events.ts';
export type { EgressEvent, LaneEvent, OfEgress, WriterEvent } from './events/egress-events.ts';
export {
  bindEgress,
  bindFunction,
  bindStream,
  type EmitFromEgress,
  type EmitFromFunction,
  type EmitFromStream,
  type EventOf,
  type EventType,
  type LeaseTelemetry,
  type TelemetryEvent,
} from './events/events.ts';
export type { EndpointEvent, FunctionEvent, FunctionLaneEvent, OfFunction, TimerEvent } from './events/function-events.ts';
export type { IngressEvent, OfStream } from './events/ingress-events.ts';
export type { ResourceEvent } from './events/pipeline-events.ts';
export { type AdjustableLogger, createLogger } from './logs/pino-logger.ts';
export { OPEN_METRICS_TYPE } from './open-metrics.ts';
export { type OpenTelemetry, openTelemetry } from './open-telemetry.ts';
export { createTelemetry, type EventSink, type KnownLabels, type Sample, silentTelemetry, type Telemetry } from './telemetry.ts';
export type { RunningSpan, SpanStart, Tracing } from './tracing/tracing.ts';
