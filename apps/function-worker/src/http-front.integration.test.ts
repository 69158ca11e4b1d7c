import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { startGreeter } from '@sluice/functions/testing';
import { freePort, until } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { startRig } from './testing/functions-rig.ts';

const IDS = Array.from({ length: 20 }, (_, n) => `k${n}`);

describe('the HTTP front of function-workers', () => {
  it('sends messages, shows what functions of all workers send out, and moves to another worker when its own stops', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await using greeter = await startGreeter();
    await using rig = await startRig(greeter.url, `, http_ingress: {port: ${new URL(url).port}}`);
    const first = await rig.startWorker('w1');
    await until('the front to be open', () => isOpen(url));
    await rig.startWorker('w2');
    const lines = await watch(`${url}/egress/ex/out`);
    for (const id of IDS) expect((await put(`${url}/ex/greeter/${id}`)).status).toBe(202);

    await until('all greetings to be seen', () => lines().length === IDS.length);
    await first.stop();
    await until('the other worker to serve', () => isOpen(url));
    expect((await put(`${url}/ex/greeter/k0`)).status).toBe(202);
    await until('the message to be counted', async () => (await rig.count('greeter', 'k0')) === 2);
  });

  it('answers no page of a browser under another name, and no function that is not served', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await using greeter = await startGreeter();
    await using rig = await startRig(greeter.url, `, http_ingress: {port: ${new URL(url).port}}`);
    await rig.startWorker('w1');
    await until('the front to be open', () => isOpen(url));

    const asking = request(`${url}/ex/greeter/k0`, { method: 'PUT', headers: { host: 'attacker.example' } }).end('x');
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    answer.resume();
    expect([answer.statusCode, (await put(`${url}/other/greeter/k0`)).status]).toEqual([421, 404]);
  });
});

const put = (url: string) => fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain', 'sluice-type': 'ex/text' }, body: 'a' });

const isOpen = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** The lines of JSON so far. */
async function watch(url: string): Promise<() => string[]> {
  const [answer] = (await once(request(url).end(), 'response')) as [IncomingMessage];
  let text = '';
  answer
    .setEncoding('utf8')
    .on('error', () => undefined)
    .on('data', (piece: string) => {
      text += piece;
    });
  return () => text.split('\n').filter((line) => line !== '');
}
