import { type Logger, silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { catalogue, type EventRule } from './catalogue.ts';
import { createLogger } from './pino-logger.ts';
import { createTelemetry } from './telemetry.ts';

describe('telemetry', () => {
  it('counts the amount that the catalogue names, by label', async () => {
    const telemetry = createTelemetry(silentLogger, { processMetrics: false });
    telemetry.emit({ type: 'request.answered', egress: 'out', written: 498, failed: 2, bytes: 1000, seconds: 0.02 });
    telemetry.emit({ type: 'request.answered', egress: 'out', written: 2, failed: 0, bytes: 10, seconds: 0.01 });

    const text = await telemetry.metrics();

    expect(text).toContain('sluice_egress_records_total{egress="out"} 500');
    expect(text).toContain('sluice_egress_retried_records_total{egress="out"} 2');
    expect(text).toContain('sluice_egress_requests_total{egress="out"} 2');
    expect(text).toContain('sluice_egress_request_seconds_count{egress="out"} 2');
  });

  it('writes a line at the level of the event, and none for what is only counted', () => {
    const lines: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (message) => lines.push(`warn ${message}`),
      info: (message) => lines.push(`info ${message}`),
    };
    const telemetry = createTelemetry(logger, { processMetrics: false });

    telemetry.emit({ type: 'lease.claimed', group: 'in' });
    telemetry.emit({ type: 'page.read', ingress: 'in', stream: 's', records: 1 });
    telemetry.emit({ type: 'lane.blocked', target: 'out', code: 'THROTTLED' });

    expect(lines).toEqual(['info lease claimed', 'warn lane blocked: its retry budget is spent']);
  });

  it('gives a metric one name, one meaning and bounded labels', () => {
    const metrics = Object.values(catalogue as Record<string, EventRule>).flatMap((rule) => rule.metrics);
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
    expect(metrics.flatMap(({ labels }) => labels).filter((label) => /sequence|key|payload/i.test(label))).toEqual([]);
  });
});

describe('createLogger', () => {
  it('blanks secrets out', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } });

    logger.info('client made', { region: 'eu-west-1', credentials: { secretAccessKey: 'hunter2' }, redis: { password: 'hunter2' } });

    expect(lines.join('')).toContain('eu-west-1');
    expect(lines.join('')).not.toContain('hunter2');
  });
});
