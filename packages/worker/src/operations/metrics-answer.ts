import { OPEN_METRICS_TYPE, type Telemetry } from '@sluice/telemetry';

/** Metrics in the Prometheus text format, or as OpenMetrics where that is asked for. */
export const metricsFor = async (telemetry: Pick<Telemetry, 'metrics' | 'openMetrics' | 'contentType'>, accept = '') =>
  accept.includes('application/openmetrics-text')
    ? { type: OPEN_METRICS_TYPE, body: await telemetry.openMetrics() }
    : { type: telemetry.contentType, body: await telemetry.metrics() };
