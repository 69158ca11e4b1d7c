import { silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { OperationsPortError, serveOperations } from './operations-server.ts';
import { createTelemetry } from './telemetry.ts';

describe('serveOperations', () => {
  it('answers ping, readiness and metrics', async () => {
    let isReady = false;
    await using server = await serve(() => ({ isReady, facts: { shards: 4 } }));

    await expect(fetch(`${server.url}/ping`).then((answer) => answer.text())).resolves.toBe('pong');
    const before = await fetch(`${server.url}/ready`);
    isReady = true;
    const after = await fetch(`${server.url}/ready`);

    expect([before.status, after.status]).toEqual([503, 200]);
    await expect(after.json()).resolves.toEqual({ shards: 4 });
    await expect(fetch(`${server.url}/metrics`).then((answer) => answer.text())).resolves.toContain(
      '# TYPE sluice_checkpoints_total counter',
    );
  });

  it('says that the port is in use', async () => {
    await using server = await serve(() => ({ isReady: true, facts: {} }));
    const port = Number(new URL(server.url).port);

    await expect(serve(() => ({ isReady: true, facts: {} }), port)).rejects.toThrow(OperationsPortError);
    await expect(serve(() => ({ isReady: true, facts: {} }), port)).rejects.toThrow('the port is in use');
  });
});

const serve = (readiness: () => { isReady: boolean; facts: Record<string, unknown> }, port = 0) =>
  serveOperations({ telemetry: createTelemetry(silentLogger, { processMetrics: false }), logger: silentLogger, readiness, port });
