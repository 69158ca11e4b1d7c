import { expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';

const compile = (text: string, env: Record<string, string> = {}) => compileConfig([{ name: 'sluice.yaml', text }], { env });

it('metrics and traces go where the variables of OpenTelemetry say, unless those switch them off', () => {
  const of = (env: Record<string, string>) => {
    const { metrics, tracing } = compile('sluice: {}', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all:4318', ...env }).config.settings;
    return [metrics.otlp?.endpoint, tracing?.endpoint, tracing?.ratio];
  };
  const sampler = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' };
  expect(of({})).toEqual(['http://all:4318', 'http://all:4318', 0.1]);
  expect(of({ OTEL_TRACES_EXPORTER: 'none' })).toEqual(['http://all:4318', undefined, undefined]);
  expect(of({ OTEL_METRICS_EXPORTER: 'none', ...sampler })).toEqual([undefined, 'http://all:4318', 0.5]);
  expect(of({ OTEL_SDK_DISABLED: 'true' })).toEqual([undefined, undefined, undefined]);
  const specific = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/v1/traces', SLUICE_METRICS_OTLP_ENDPOINT: 'http://m' };
  expect(of(specific)).toEqual(['http://m', 'http://t/v1/traces', 0.1]);
});

it.each([
  ['metrics: {otlp: {endpoint: "collector:4318"}}', 'expected the URL of a collector without credentials'],
  ['tracing: {endpoint: "http://user:secret@collector"}', 'expected the URL of a collector without credentials'],
  ['tracing: {ratio: 2}', 'expected a number from 0 to 1, got `2`'],
  ['tracing: {ratio: ""}', 'expected a number from 0 to 1'],
])('%s is refused', (text, expected) => {
  expect(compile(`sluice: {${text}}`).problems.map(({ message }) => message)).toEqual([expect.stringContaining(expected)]);
});
