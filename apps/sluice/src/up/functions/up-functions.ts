/** The tour of functions: a greeter that counts visits, fed from one stream, its greetings read back from another. */
import { join } from 'node:path';
import { type SluiceRecord, sleep, systemClock } from '@sluice/core';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { freePort } from '@sluice/testkit';
import { announceInstallation } from '@sluice/worker';
import { feed, storeInStream } from '../../feed/feeder.ts';
import { GreetingsMissingError, UpUsageError } from '../errors.ts';
import { Pace } from '../pace.ts';
import { type Playground, startPlayground } from '../playground.ts';
import { createFolder } from '../run-folder.ts';
import type { UpOptions } from '../up.ts';
import { followStream } from './follow-stream.ts';
import { type Greeter, startGreeter, useGreeter } from './greeter.ts';
import { type Greeting, GreetingCheck, renderGreetingReport, visits } from './greetings.ts';

const NAMES = 'names';
const GREETINGS = 'greetings';
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const LOOK_MS = 100;
/** Nothing greeted for so long: something hangs. Generous, since a slow machine may need it. */
const STUCK_AFTER_MS = 180_000;

/** Runs the tour. Resolves with whether every visit was greeted with its number, in order. */
export async function upFunctions(options: UpOptions): Promise<boolean> {
  if (options.file !== undefined || options.key !== undefined)
    throw new UpUsageError('--functions feeds visitors: leave --file and --key away');
  const note = (text: string) => void process.stdout.write(`${text}\n`);
  const folder = await createFolder();
  await using stack = new AsyncDisposableStack();
  try {
    if (options.greeter === undefined) note('starting the greeter');
    const greeter = stack.use(await (options.greeter === undefined ? startGreeter(folder.path) : useGreeter(options.greeter, folder.path)));
    const frontPort = await freePort(4198);
    const playground = stack.use(
      await startPlayground({
        ...options,
        configArguments: greeter.configArguments,
        streams: [NAMES, GREETINGS],
        workers: ['egress-worker', 'function-worker', 'ingress-worker'],
        env: { SLUICE_HTTP_INGRESS_PORT: String(frontPort) },
        directory: folder.path,
        onStep: note,
      }),
    );
    stack.use(announceInstallation({ pid: process.pid, env: playground.env, configArguments: greeter.configArguments }));
    const client = stack.use(createKinesisClient({ region: 'us-east-1', endpoint: playground.endpoint, credentials: LOCAL_CREDENTIALS }));
    note(welcome(playground, greeter, frontPort, options));
    return await Promise.race([greetAll(options, client, playground), playground.failed, greeter.failed]);
  } catch (error) {
    return folder.keepFor(error, options.signal);
  }
}

const welcome = ({ boardUrl, endpoint, logs }: Playground, { url }: Greeter, frontPort: number, { exit, records, greeter }: UpOptions) => {
  const front = `http://127.0.0.1:${frontPort}`;
  return [
    '',
    `greeter  ${url}${greeter === undefined ? `  (${join('examples', 'functions', 'greeter.mjs')})` : ''}`,
    `board    ${boardUrl}`,
    `kinesis  ${endpoint}`,
    `logs     ${logs}`,
    '',
    'In another terminal:',
    `  curl -X PUT -H 'content-type: application/json' -H 'sluice-type: example/visit' -d '{"name": "Bob"}' ${front}/example/greeter/Bob`,
    `  curl -N ${front}/egress/example/greetings`,
    '',
    exit && records !== undefined
      ? 'Stops by itself once everybody is greeted.'
      : 'Ctrl-C stops the feed, waits for the last greetings and checks them.',
    '',
  ].join('\n');
};

/** Feeds visits and shows greetings until all are greeted; without `--exit` until Ctrl-C. */
async function greetAll(
  { records, rate, exit, signal }: UpOptions,
  client: KinesisClient,
  { logs, stopWorkers }: Playground,
): Promise<boolean> {
  const check = new GreetingCheck();
  const pace = new Pace({ rate, now: systemClock.monotonic });
  let greetedAtMs = systemClock.monotonic();
  const onGreeting = (record: SluiceRecord) => {
    const greeting = JSON.parse(Buffer.from(record.data).toString()) as Greeting;
    check.greeted(greeting);
    pace.arrived(++greeted);
    greetedAtMs = systemClock.monotonic();
    process.stdout.write(`${greeting.text}\n`);
  };
  let greeted = 0;
  let isFeeding = true;
  /** Who comes next, and is not stored yet. */
  const taken: string[] = [];
  const feeding = feed({
    store: storeInStream(client, NAMES),
    records: noting(visits(), taken),
    limit: records ?? Number.POSITIVE_INFINITY,
    batchSize: 1,
    waitMs: () => pace.waitMs(),
    signal,
    onStored: (count) => {
      for (const name of taken.splice(0, count)) check.visited(name);
      pace.fed(count);
    },
  }).finally(() => {
    isFeeding = false;
  });
  const done = new AbortController();
  const following = followStream(client, GREETINGS, onGreeting, done.signal);
  const failing = Promise.all([feeding, following]).then(() => new Promise<never>(() => undefined));
  while (isFeeding || !(exit || signal.aborted) || check.report().missing > 0) {
    await Promise.race([sleep(systemClock, LOOK_MS), failing]);
    const quietMs = systemClock.monotonic() - greetedAtMs;
    if (!isFeeding && check.report().missing > 0 && quietMs > STUCK_AFTER_MS)
      throw new GreetingsMissingError(check.report().missing, quietMs, logs);
  }
  done.abort();
  await following;
  await stopWorkers();
  const report = check.report();
  process.stdout.write(`\n${renderGreetingReport(report)}`);
  return report.missing === 0 && report.outOfOrder === 0;
}

/** Passes records on, and notes their keys. */
async function* noting(records: ReturnType<typeof visits>, taken: string[]) {
  for await (const record of records) {
    taken.push(record.partitionKey);
    yield record;
  }
}
