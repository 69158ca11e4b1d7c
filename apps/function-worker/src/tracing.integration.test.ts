import { startGreeter } from '@sluice/functions/testing';
import { startCollector } from '@sluice/telemetry/testing';
import { freePort, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { startRig } from './testing/functions-rig.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

it('a trace comes in with a request, goes to the function, and on to whom that writes', async () => {
  await using collector = await startCollector();
  await using greeter = await startGreeter();
  const port = await freePort();
  await using rig = await startRig(greeter.url, `, http_ingress: {port: ${port}}, tracing: {endpoint: "${collector.url}", ratio: 0}`);
  const worker = await rig.startWorker('w1');
  const front = `http://127.0.0.1:${port}`;
  await until('the front to be open', async () => (await fetch(front).catch(() => undefined)) !== undefined);
  const put = await fetch(`${front}/ex/greeter/k1`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'sluice-type': 'ex/text', traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` },
    body: 'hello',
  });
  expect(put.status).toBe(202);
  await until('the mirror to be called', () => greeter.requests.some(({ type }) => type === 'mirror'));
  await until('the egress record', async () => (await rig.waiting('ex/out')) > 0);
  // Not traced: the share of traces that begin here is 0.
  await rig.send([{ id: 'k2', text: 'a' }]);
  await until('the second greeting', () => greeter.requests.some(({ id, type }) => id === 'k2' && type === 'greeter'));
  await worker.stop();

  const parents = greeter.requests.filter(({ id }) => id === 'k1').map(({ headers }) => String(headers['traceparent']));
  expect(parents.every((parent) => parent.startsWith(`00-${TRACE_ID}-`) && parent.endsWith('-01'))).toBe(true);
  const hex = (base64 = '') => Buffer.from(base64, 'base64').toString('hex');
  expect(new Set(collector.spans.map(({ traceId }) => hex(traceId)))).toEqual(new Set([TRACE_ID]));
  const names = new Map(collector.spans.map(({ spanId, name }) => [hex(spanId), name]));
  expect(parents.map((parent) => names.get(parent.split('-')[2]!))).toEqual(expect.arrayContaining(['call ex/greeter', 'call ex/mirror']));
  const parentOf = (name: string) => {
    const parent = hex(collector.spans.find((span) => span.name === name)?.parentSpanId);
    return names.get(parent) ?? parent;
  };
  expect(['enqueue ex/greeter', 'take ex/greeter', 'call ex/greeter', 'take ex/mirror', 'call ex/mirror'].map(parentOf)).toEqual([
    SPAN_ID,
    'enqueue ex/greeter',
    'take ex/greeter',
    'call ex/greeter',
    'take ex/mirror',
  ]);
});
