/**
 * Both workers of a pipeline inside a program of your own: records of the stream `orders` go to the stream `shipments`.
 *
 *     SLUICE_REDIS_URL=redis://127.0.0.1:6379 AWS_REGION=eu-central-1 node examples/embed/workers.ts
 */
import { createWorker } from '@sluice/embed';

const config = {
  input: { aws_kinesis: { streams: ['orders'], start_from_oldest: true } },
  output: { label: 'shipments', aws_kinesis: { stream: 'shipments', partition_key: '${! json("customer") }' } },
};
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

let written = 0;
const options = { config, signal: interrupted.signal };
const ingress = await createWorker({ kind: 'ingress', ...options });
const egress = await createWorker({
  kind: 'egress',
  ...options,
  onEvent: (event) => {
    if (event.type === 'request.answered') written += event.written;
  },
});
await Promise.all([ingress.ready, egress.ready]);
console.log(`ready: ${ingress.operationsUrl}/metrics, ${egress.operationsUrl}/metrics`);

await Promise.all([ingress.ended, egress.ended]);
console.log(`${written} records written`);
