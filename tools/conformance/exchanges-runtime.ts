import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { type FunctionAddress, functionTypeOf } from '@sluice/function-protocol';
import { type LaneSender, openLaneSender } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { NodeProcess, openDevRedis, programFile } from '@sluice/testkit';

const LANES = 2;

/** Redis and a function-worker for the functions of the recorded exchanges. */
export interface Runtime extends AsyncDisposable {
  /** As an ingress does: messages for one address, in order, as one job. */
  send(address: FunctionAddress, invocations: readonly Uint8Array[]): Promise<void>;
  /** What the worker logged as a warning or worse. */
  readonly complaints: readonly string[];
}

/** The endpoints that the exchanges were recorded with. */
const moduleYaml = (url: string): string => `
kind: io.statefun.endpoints.v2/http
spec: { functions: ex/*, urlPathTemplate: "${url}/fn/{function.name}" }
---
kind: io.statefun.endpoints.v2/http
spec: { functions: ex/small, urlPathTemplate: "${url}", maxNumBatchRequests: 2 }
---
kind: io.statefun.endpoints.v2/http
spec:
  functions: ex/ok-http
  urlPathTemplate: "${url}/ok?a=1&b={function.name}"
  transport: { type: io.statefun.transports.v1/okhttp }
---
kind: io.statefun.endpoints.v1/http
spec: { functions: ex/v1-http, urlPathTemplate: "${url}" }
`;

/** @param types all function types that are called, so that their lanes are there when the worker starts */
export async function startRuntime(url: string, types: readonly FunctionAddress[]): Promise<Runtime> {
  const stack = new AsyncDisposableStack();
  const redis = stack.use(await openDevRedis(process.env));
  const directory = mkdtempSync(join(tmpdir(), 'sluice-exchanges-'));
  stack.defer(() => rmSync(directory, { recursive: true }));
  const keyPrefix = `exchanges-${process.pid}`;
  writeFileSync(join(directory, 'module.yaml'), moduleYaml(url));
  writeFileSync(join(directory, 'sluice.yaml'), `sluice: { lanes: ${LANES}, redis: { url: "${redis.url}", prefix: ${keyPrefix} } }\n`);

  const session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
  const senders = new Map<string, LaneSender>();
  for (const type of types) {
    const target = functionTypeOf(type);
    if (!senders.has(target)) senders.set(target, await openLaneSender({ session, keyPrefix, target, lanes: LANES, clock: systemClock }));
  }
  const worker = stack.use(
    new NodeProcess({
      name: 'function-worker',
      script: programFile('function-worker'),
      args: [
        '--config',
        join(directory, 'module.yaml'),
        '--config',
        join(directory, 'sluice.yaml'),
        '--operations-port',
        '0',
        '--allow-volatile',
      ],
    }),
  );
  return {
    send: async (address, invocations) => {
      const sender = senders.get(functionTypeOf(address))!;
      const records = invocations.map((data) => ({ partitionKey: address.id, data, metadata: {} }));
      await sender.enqueue([{ lane: sender.laneOf(address.id), records }], session.epoch);
    },
    get complaints() {
      return worker.log.split('\n').filter((line) => line !== '' && !/"level":"(debug|info)"/.test(line));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
