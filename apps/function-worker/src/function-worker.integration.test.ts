import { startGreeter } from '@sluice/functions/testing';
import { Stopwatch, until } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { startRig } from './testing/functions-rig.ts';

const IDS = Array.from({ length: 20 }, (_, n) => `k${n}`);
const perId = (texts: readonly string[]) => texts.flatMap((text) => IDS.map((id) => ({ id, text })));

describe('the function-worker', () => {
  it('calls functions with state, and applies messages, delayed messages and egress records once', async () => {
    await using greeter = await startGreeter();
    await using rig = await startRig(greeter.url);
    await rig.startWorker('w1');
    await rig.send(perId(['a', 'b']));
    await rig.send(perId(['c']));

    await until('greetings to be counted', async () =>
      (await Promise.all(IDS.map((id) => rig.count('greeter', id)))).every((n) => n === 3),
    );
    await until('mirrors to be counted', async () => (await Promise.all(IDS.map((id) => rig.count('mirror', id)))).every((n) => n === 6));
    expect(await rig.waiting('ex/greeter')).toBe(0);
    expect(await rig.waiting('ex/out')).toBe(60);
    const texts = greeter.requests.filter(({ type, id }) => type === 'greeter' && id === 'k3').flatMap((request) => request.texts);
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  it('shares lanes with another worker, and hands them over when it is stopped, within two seconds, with every count exact', async () => {
    await using greeter = await startGreeter({ delayOf: () => 20 });
    await using rig = await startRig(greeter.url);
    const first = await rig.startWorker('w1');
    for (let round = 0; round < 10; round++) await rig.send(perId(['x']));
    await until('calls', () => greeter.requests.length > 10);
    const second = await rig.startWorker('w2');
    for (let round = 0; round < 10; round++) await rig.send(perId(['y']));
    await until('more calls', () => greeter.requests.length > 60);
    using stopwatch = new Stopwatch();
    await first.stop();
    expect(stopwatch.stop()).toBeLessThan(2_000);

    await until('greetings to be counted', async () =>
      (await Promise.all(IDS.map((id) => rig.count('greeter', id)))).every((n) => n >= 20),
    );
    await until('mirrors to be counted', async () => (await Promise.all(IDS.map((id) => rig.count('mirror', id)))).every((n) => n >= 40));
    expect(await Promise.all(IDS.map((id) => rig.count('greeter', id)))).toEqual(IDS.map(() => 20));
    expect(await Promise.all(IDS.map((id) => rig.count('mirror', id)))).toEqual(IDS.map(() => 40));
    expect(await rig.waiting('ex/out')).toBe(400);
    await second.stop();
  });

  it('gives up requests that are not answered when it is stopped, within two seconds, and another worker calls again', async () => {
    let isSlow = true;
    await using greeter = await startGreeter({ delayOf: (id) => (isSlow && id === 'k1' ? 600_000 : 0) });
    await using rig = await startRig(greeter.url, '', '60s');
    const first = await rig.startWorker('w1');
    await rig.send(perId(['a', 'b']));
    // Its job stays in the lane as a whole, so the lane's counts say nothing of the others.
    const others = IDS.filter((id) => id !== 'k1');
    await until('the others', async () => (await Promise.all(others.map((id) => rig.count('greeter', id)))).every((n) => n === 2));
    const actors = await (await fetch(`${first.operationsUrl}/actors`)).text();
    expect(actors).toMatch(/"id": "k1",\s*"machine": "address",\s*"state": "calling"/);
    using stopwatch = new Stopwatch();
    await first.stop();
    expect(stopwatch.stop()).toBeLessThan(2_000);
    expect(await rig.count('greeter', 'k1')).toBe(0);
    isSlow = false;
    await rig.startWorker('w2');
    await until('greetings to be counted', async () =>
      (await Promise.all(IDS.map((id) => rig.count('greeter', id)))).every((n) => n === 2),
    );
  });

  it('counts what waits for a function that fails towards the marks at which readers pause', async () => {
    let isBroken = true;
    await using greeter = await startGreeter({ statusOf: () => (isBroken ? 503 : 200) });
    await using rig = await startRig(greeter.url);
    const worker = await rig.startWorker('w1');
    const isOver = await rig.watchPressure({ highRecords: 60, lowRecords: 20, highBytes: 2 ** 40, lowBytes: 2 ** 40 });
    await rig.send(perId(['a', 'b', 'c']));
    await until('addresses to be parked', async () => {
      const metrics = await (await fetch(`${worker.operationsUrl}/metrics`)).text();
      return /sluice_function_failures_total\{function="ex\/greeter",code="FUNCTION_CALL_FAILED",outcome="park"\} [1-9]/.test(metrics);
    });
    expect(await isOver()).toBe(true);
    isBroken = false;
    await until('the lanes to drain', async () => !(await isOver()));
    await until('greetings to be counted', async () =>
      (await Promise.all(IDS.map((id) => rig.count('greeter', id)))).every((n) => n === 3),
    );
  });

  it('parks an address that fails, shows those in flight, and says where messages come from', async () => {
    let isBroken = true;
    await using greeter = await startGreeter({ statusOf: (id) => (isBroken && id === 'k1' ? 500 : 200) });
    await using rig = await startRig(greeter.url, ', functions: {origin_headers: true}');
    const worker = await rig.startWorker('w1');
    await rig.send(perId(['a']));
    await until('the others', async () => (await rig.waiting('ex/greeter')) === 1);
    await until('an address in flight', async () => {
      const actors = await (await fetch(`${worker.operationsUrl}/actors`)).text();
      return /"id": "k1",\s*"machine": "address",\s*"state": "calling"/.test(actors);
    });
    await until('the address to be parked', async () => {
      const metrics = await (await fetch(`${worker.operationsUrl}/metrics`)).text();
      return /sluice_function_failures_total\{function="ex\/greeter",code="FUNCTION_CALL_FAILED",outcome="park"\} [1-9]/.test(metrics);
    });
    isBroken = false;
    await until('the address to be tried again', async () => (await rig.waiting('ex/greeter')) === 0);
    expect(await rig.count('greeter', 'k1')).toBe(1);
    expect(greeter.requests[0]!.headers).toMatchObject({ 'sluice-origins': '' });
  });
});
