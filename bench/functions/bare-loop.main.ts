/**
 * The baseline: posts the bodies that the worker would post, with undici and nothing else, and reads the answers. Prints what it used as
 * JSON.
 *
 *     node bench/functions/bare-loop.main.ts --url http://127.0.0.1:8000/keep --addresses 20000 --messages 20000 --connections 128
 */
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { idOf, requestBody } from './bodies.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    addresses: { type: 'string' },
    messages: { type: 'string' },
    connections: { type: 'string' },
  },
});
const url = new URL(values.url!);
const [addresses, messages, connections] = [values.addresses, values.messages, values.connections].map(Number) as [number, number, number];
const bodies = Array.from({ length: addresses }, (_, index) => requestBody(url.pathname.slice(1), idOf(index)));
const pool = new Pool(url.origin, { connections });
const headers = { 'content-type': 'application/octet-stream', accept: 'application/octet-stream', 'user-agent': 'statefun' };

await post(Math.min(messages, 5_000));
const [before, startedAt] = [process.cpuUsage(), performance.now()];
await post(messages);
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - startedAt) / 1_000 })}\n`);
await pool.close();

async function post(count: number): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < count) {
      const body = bodies[next++ % addresses]!;
      const answer = await pool.request({ path: url.pathname, method: 'POST', headers, body });
      if (answer.statusCode !== 200) throw new Error(`the server answered ${answer.statusCode}`);
      await answer.body.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
}
