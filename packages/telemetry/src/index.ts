export { catalogue, type EventFacts, type EventRule, type EventType, type MetricRule, type TelemetryEvent } from './catalogue.ts';
export {
  OperationsPortError,
  type OperationsServer,
  type OperationsServerOptions,
  type Readiness,
  serveOperations,
} from './operations-server.ts';
export { createLogger, type LoggerSettings } from './pino-logger.ts';
export { createTelemetry, silentTelemetry, type Telemetry } from './telemetry.ts';
