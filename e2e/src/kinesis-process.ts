import { join } from 'node:path';
import type { FaultSettings, RequestObservation } from '@sluice/kinesis-emulator';
import { NodeProcess, programFile } from '@sluice/testkit';

export interface KinesisProcessOptions {
  /** Name to number of shards. */
  readonly streams: Readonly<Record<string, number>>;
  /** The service's quotas a shard. @default false */
  readonly quotas?: boolean;
  /** Refuses every other access key. */
  readonly accessKeys?: readonly string[];
  /** A free one where absent. */
  readonly port?: number;
  /** Where its log goes. */
  readonly directory: string;
}

/** A Kinesis in a process of its own, which tells of every request that it carried out. */
export interface KinesisProcess extends AsyncDisposable {
  readonly endpoint: string;
  /** In the order in which they were carried out. */
  readonly requests: readonly RequestObservation[];
  setFaults(faults: FaultSettings): Promise<void>;
  /** The endpoint goes away, and comes back by itself with its data. */
  pause(forMs: number): Promise<void>;
}

export async function startKinesisProcess(options: KinesisProcessOptions): Promise<KinesisProcess> {
  const { streams, quotas = false, accessKeys = [], port = 0, directory } = options;
  const process = new NodeProcess({
    name: 'kinesis',
    script: programFile('kinesis-emulator'),
    args: [
      ...['--port', String(port), '--tell-requests', ...(quotas ? [] : ['--no-quotas'])],
      ...Object.entries(streams).flatMap(([name, shards]) => ['--stream', `${name}:${shards}`]),
      ...accessKeys.flatMap((key) => ['--access-key', key]),
    ],
    logFile: join(directory, 'kinesis.log'),
  });
  const endpoint = /https?:\/\/\S+/.exec((await process.nextLine()) ?? '')?.[0];
  if (!endpoint) throw new Error(`kinesis did not start: ${process.lastLines.join('\n')}`);
  const requests: RequestObservation[] = [];
  const listening = listen(process, requests);
  const control = async (path: string, body: unknown) => {
    const answer = await fetch(`${endpoint}/__sluice/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`kinesis refused ${path}: ${await answer.text()}`);
  };
  return {
    endpoint,
    requests,
    setFaults: (faults) => control('faults', faults),
    pause: (forMs) => control('pause', { forMs }),
    async [Symbol.asyncDispose]() {
      await process.stop();
      await listening;
    },
  };
}

async function listen(process: NodeProcess, requests: RequestObservation[]): Promise<void> {
  for (let line = await process.nextLine(); line !== undefined; line = await process.nextLine())
    requests.push(JSON.parse(line) as RequestObservation);
}
