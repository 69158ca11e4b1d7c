/** Invocations for each second of the worker's processor time, beside a bare loop that posts the same bodies; and what Redis does for each. */
import { resolve } from 'node:path';
import { type RedisSession, runPipeline } from '@sluice/redis';
import { NodeProcess, usageOf } from '@sluice/testkit';
import { emptyLanes, fillLanes, LANES } from './fill-lanes.ts';
import { type FunctionsStage, setStage } from './stage.ts';

const CONNECTIONS = 128;
const TARGET = 'bench/keep';

export interface Load {
  readonly title: string;
  readonly addresses: number;
  /** In a round. */
  readonly messages: number;
  /** Milliseconds that the function takes. */
  readonly delayMs: number;
}

export async function measureCpu(load: Load, rounds: number): Promise<void> {
  const settings = { lanes: LANES, functions: { max_in_flight: CONNECTIONS } };
  await using stage = await setStage({
    ...{ types: ['keep'], workers: ['function-worker'], settings },
    ...(load.delayMs > 0 && { delays: { keep: load.delayMs } }),
  });
  // Every address gets its state, and the code is compiled.
  await runWorker(stage, load);

  const seen: { worker: number; bare: number; redis: RedisFigures; batch: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const worker = await runWorker(stage, load);
    const bare = await runBare(stage, load);
    seen.push({ worker: load.messages / worker.cpuSeconds, bare: load.messages / bare, redis: worker.redis, batch: worker.batch });
  }
  const median = (of: (round: (typeof seen)[number]) => number) => seen.map(of).toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
  const ratios = seen.map(({ worker, bare }) => worker / bare).toSorted((a, b) => a - b);
  console.log(`\n${load.title}: ${load.messages} messages for ${load.addresses} addresses, ${rounds} rounds`);
  console.log(
    `  worker ${median(({ worker }) => worker).toFixed(0)} invocations a CPU second, ${median(({ batch }) => batch).toFixed(1)} a request`,
  );
  console.log(`  bare   ${median(({ bare }) => bare).toFixed(0)} invocations a CPU second`);
  console.log(`  ratio  ${median(({ worker, bare }) => worker / bare).toFixed(2)} (${ratios[0]!.toFixed(2)}–${ratios.at(-1)!.toFixed(2)})`);
  const { calls, commands, bytesIn, bytesOut, cpuMicros } = seen.at(-1)!.redis;
  console.log(
    `  Redis, an invocation: ${calls.toFixed(2)} calls by clients, ${commands.toFixed(1)} commands with those inside scripts, ` +
      `${bytesIn.toFixed(0)} bytes in, ${bytesOut.toFixed(0)} bytes out, ${cpuMicros.toFixed(0)} µs CPU`,
  );
}

/** For each invocation; filling the lanes and looking whether they are empty is part of it. */
interface RedisFigures {
  readonly calls: number;
  readonly commands: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly cpuMicros: number;
}

/** Puts the messages of a round into the lanes, and waits until they are done. */
async function runWorker({ session, worker, url }: FunctionsStage, { addresses, messages }: Load) {
  const requestsBefore = await requestsOf(url);
  const { cpuSeconds } = usageOf(worker.pid);
  const before = await redisTotals(session);
  await fillLanes(session, TARGET, addresses, messages);
  await emptyLanes(session, TARGET);
  const after = await redisTotals(session);
  const names = Object.keys(after) as (keyof RedisFigures)[];
  return {
    cpuSeconds: usageOf(worker.pid).cpuSeconds - cpuSeconds,
    redis: Object.fromEntries(names.map((name) => [name, (after[name] - before[name]) / messages])) as Record<keyof RedisFigures, number>,
    batch: messages / ((await requestsOf(url)) - requestsBefore),
  };
}

const requestsOf = async (url: string): Promise<number> =>
  ((await (await fetch(`${url}/figures`)).json()) as { requests: number }).requests;

/** What clients call, over all of them; the waiting for empty lanes is part of it, a few dozen calls a second. */
async function redisTotals(session: RedisSession): Promise<RedisFigures> {
  const [stats, commands, cpu] = (await runPipeline(session, session.epoch, (pipeline) => {
    pipeline.info('stats').info('commandstats').info('cpu');
  })) as [string, string, string];
  const number = (text: string, name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1] ?? 0);
  const calls = (name: string) => Number(new RegExp(`^cmdstat_${name}:calls=(\\d+)`, 'm').exec(commands)?.[1] ?? 0);
  const total = [...commands.matchAll(/^cmdstat_\S+:calls=(\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  return {
    calls: calls('evalsha') + calls('eval') + calls('fcall'),
    commands: total,
    bytesIn: number(stats, 'total_net_input_bytes'),
    bytesOut: number(stats, 'total_net_output_bytes'),
    cpuMicros: (number(cpu, 'used_cpu_user') + number(cpu, 'used_cpu_sys')) * 1e6,
  };
}

/** CPU seconds of the bare loop. */
async function runBare({ url }: FunctionsStage, { addresses, messages }: Load): Promise<number> {
  await using loop = new NodeProcess({
    script: resolve(import.meta.dirname, 'bare-loop.main.ts'),
    args: [
      ...['--url', `${url}/keep`, '--addresses', String(addresses)],
      ...['--messages', String(messages), '--connections', String(CONNECTIONS)],
    ],
  });
  const line = await loop.nextLine();
  if (line === undefined) throw new Error(`the bare loop failed: ${loop.lastLines.join('\n')}`);
  return (JSON.parse(line) as { cpuSeconds: number }).cpuSeconds;
}
