/** A real Redis and a sender of messages around function-workers in this process. */
import { compileConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { wrapIngressRecord } from '@sluice/function-protocol';
import { readValues } from '@sluice/functions';
import { laneOf, openLaneSender, readLaneCounts, type WaterMarks } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { type RunningWorker, startWorker } from '@sluice/worker';
import { functionWorker } from '../function-worker.ts';

const LANES = 4;

export async function startRig(functionsUrl: string, settings = '', call = '2s') {
  const disposer = new AsyncDisposableStack();
  const redis = disposer.use(await startRedisServer());
  const session = disposer.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
  const module = `
kind: io.statefun.endpoints.v2/http
spec:
  functions: ex/*
  urlPathTemplate: ${functionsUrl}/{function.name}
  transport: { call: ${call} }
---
kind: io.statefun.kinesis.v1/egress
spec: { id: ex/out }
`;
  const sluice = `sluice: {redis: {url: "${redis.url}"}, lanes: ${LANES}, ports: {function_worker: 0}${settings}}\n`;
  const loaded = compileConfig(
    [
      { name: 'module.yaml', text: module },
      { name: 'sluice.yaml', text: sluice },
    ],
    { env: {}, workers: ['function-worker'] },
  );
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const sender = await openLaneSender({ session, target: 'ex/greeter', lanes: LANES, clock: systemClock });
  return {
    redis,
    session,
    async startWorker(name: string): Promise<RunningWorker> {
      const worker = disposer.use(
        await startWorker(functionWorker, { config: loaded.config, env: {}, workerId: name, logger: silentLogger }),
      );
      await worker.ready;
      return worker;
    },
    /** Puts messages on the lanes of `ex/greeter`, one job a lane. */
    async send(messages: ReadonlyArray<{ readonly id: string; readonly text: string }>): Promise<void> {
      const perLane = Map.groupBy(messages, ({ id }) => sender.laneOf(id));
      const batches = [...perLane].map(([lane, ofLane]) => ({
        lane,
        records: ofLane.map(({ id, text }) => ({ partitionKey: id, data: wrapIngressRecord('ex/text', Buffer.from(text)), metadata: {} })),
      }));
      await sender.enqueue(batches, session.epoch);
    },
    /** Whether a reader of `ex/greeter` with these marks would pause. */
    async watchPressure(waterMarks: WaterMarks): Promise<() => Promise<boolean>> {
      const reader = await openLaneSender({
        session,
        target: 'ex/greeter',
        lanes: LANES,
        clock: systemClock,
        waterMarks,
        pressureMaxAgeMs: 0,
      });
      return async () => (await reader.pressure()).isOverHighWater;
    },
    /** The counter of an address. */
    async count(type: string, id: string): Promise<number> {
      const target = `ex/${type}`;
      const [values] = await readValues(session, session.epoch, [{ target, lane: laneOf(id, LANES), id }]);
      const value = values!.values.get('count');
      return value ? Number(Buffer.from(value.value).toString()) : 0;
    },
    /** Messages waiting or in flight in all lanes of a target. */
    waiting: async (target: string): Promise<number> =>
      (await readLaneCounts(session, { target })).reduce((sum, { records }) => sum + records, 0),
    [Symbol.asyncDispose]: () => disposer.disposeAsync(),
  };
}
