import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Logger, sleep, systemClock } from '@sluice/core';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { listTargets, readLaneCounts } from '@sluice/queue';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { DeliveryCheck, readBack } from '@sluice/testkit';
import { feed } from '../feed/feeder.ts';
import { flights, linesOf } from '../feed/record-source.ts';
import { DrainTimeoutError } from './errors.ts';
import { type Playground, startPlayground } from './playground.ts';
import { createProgressDisplay, type ProgressFigures } from './progress.ts';
import { isDelivered, renderSummary } from './summary.ts';
import { fetchFigures } from './worker-metrics.ts';

export interface UpOptions {
  /** Feeds so many records, or goes on until stopped where absent. */
  readonly records?: number;
  /** Lines of a file instead of flights. */
  readonly file?: string;
  /** The field of a JSON line that is its partition key. */
  readonly key?: string;
  /** Records a second to feed, at most. */
  readonly rate: number;
  /** Stops once everything fed has arrived. */
  readonly exit: boolean;
  readonly shards: number;
  readonly boardPort: number;
  readonly logger: Logger;
  /** Aborted by Ctrl-C: the feeding stops and what is under way is drained. */
  readonly signal: AbortSignal;
}

const SOURCE_STREAM = 'flights';
const OUTPUT_STREAM = 'departures';
const EXAMPLE = ['module.yaml', 'benthos.yaml', 'sluice.yaml'].map((file) =>
  resolve(import.meta.dirname, '../../../../examples/pipeline', file),
);
const TICK_MS = 200;
/** Workers that somebody added write what our own do not count: lanes that stay empty for so long have been worked off. */
const QUIET_MS = 5_000;
/** So long may nothing arrive before the run counts as stuck. */
const PATIENCE_MS = 60_000;

/** Runs the whole pipeline on this machine and checks what came out. Resolves with whether everything arrived, in order. */
export async function up(options: UpOptions): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'sluice-up-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const playground = stack.use(
    await startPlayground({
      configFiles: EXAMPLE,
      streams: [SOURCE_STREAM, OUTPUT_STREAM],
      shards: options.shards,
      directory,
      boardPort: options.boardPort,
    }),
  );
  const client = stack.use(createKinesisClient({ region: 'us-east-1', endpoint: playground.endpoint, credentials: LOCAL_CREDENTIALS }));
  const session = stack.use(await connectRedis({ url: playground.redisUrl }, { logger: options.logger, clock: systemClock }));
  process.stdout.write(
    `board    ${playground.boardUrl}\nkinesis  ${playground.endpoint}\nredis    ${playground.redisUrl}\nlogs     ${directory}/logs\n\n`,
  );

  const run = runToTheEnd({ options, playground, client, session });
  return await Promise.race([run, playground.failed]);
}

const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

interface Run {
  readonly options: UpOptions;
  readonly playground: Playground;
  readonly client: KinesisClient;
  readonly session: RedisSession;
}

async function runToTheEnd(run: Run): Promise<boolean> {
  const { options, playground, client } = run;
  const startedAt = systemClock.monotonic();
  let fed = 0;
  const feeding = new AbortController();
  const stopFeeding = () => feeding.abort();
  options.signal.addEventListener('abort', stopFeeding, { once: true });
  const fedAll = feed({
    sink: client,
    stream: SOURCE_STREAM,
    records: options.file === undefined ? flights() : linesOf(options.file, options.key),
    limit: options.records ?? Number.POSITIVE_INFINITY,
    rate: options.rate,
    signal: feeding.signal,
    onStored: (count) => {
      fed += count;
    },
  });

  const last = await watchUntilDrained(run, () => fed, fedAll);
  const seconds = (systemClock.monotonic() - startedAt) / 1_000;
  await playground.stopWorkers();
  const report = await compareStreams(client);
  process.stdout.write(`\n${renderSummary({ ...report, seconds, deadLettered: last.deadLettered })}`);
  return isDelivered({ ...report, lost: Math.max(0, report.lost - last.deadLettered) });
}

/** Shows progress until the feeding is over and everything fed has come out. Without `--exit` it goes on until Ctrl-C. */
async function watchUntilDrained(run: Run, fedSoFar: () => number, fedAll: Promise<void>): Promise<ProgressFigures> {
  const { options } = run;
  const display = createProgressDisplay(process.stdout, systemClock.now);
  let isFeeding = true;
  const feedingOver = fedAll.then(() => {
    isFeeding = false;
  });
  let before = { written: 0, inLanes: 0, at: systemClock.monotonic() };
  let progressAt = systemClock.monotonic();
  for (;;) {
    await Promise.race([sleep(systemClock, TICK_MS), feedingOver.then(() => sleep(systemClock, TICK_MS))]);
    const figures = await readFigures(run, fedSoFar(), before);
    const now = systemClock.monotonic();
    if (figures.written > before.written || figures.inLanes !== before.inLanes || isFeeding) progressAt = now;
    before = { written: figures.written, inLanes: figures.inLanes, at: now };
    display.show(figures);
    const arrived = figures.written + figures.deadLettered;
    const mayStop = options.exit || options.signal.aborted;
    const isAllThere = arrived >= figures.fed || now - progressAt > QUIET_MS;
    if (!isFeeding && mayStop && figures.inLanes === 0 && isAllThere) {
      display.done();
      return figures;
    }
    if (mayStop && now - progressAt > PATIENCE_MS) throw new DrainTimeoutError(now - progressAt, figures.fed - arrived);
  }
}

async function readFigures({ playground, session }: Run, fed: number, before: { written: number; at: number }): Promise<ProgressFigures> {
  const [figures, inLanes] = await Promise.all([
    fetchFigures(Object.values(playground.operations)),
    recordsInLanes(session, playground.keyPrefix),
  ]);
  const seconds = (systemClock.monotonic() - before.at) / 1_000;
  return { ...figures, fed, inLanes, rate: Math.max(0, figures.written - before.written) / seconds };
}

async function recordsInLanes(session: RedisSession, keyPrefix: string): Promise<number> {
  const targets = await listTargets(session, { keyPrefix });
  const counts = await Promise.all(targets.map(({ target }) => readLaneCounts(session, { keyPrefix, target })));
  return counts.flat().reduce((total, { records }) => total + records, 0);
}

/** The source stream is the truth: what it holds must be in the output stream, once and in the order of each key. */
async function compareStreams(client: KinesisClient) {
  const check = new DeliveryCheck();
  for await (const record of readBack(client, SOURCE_STREAM)) check.feed(record);
  for await (const record of readBack(client, OUTPUT_STREAM)) check.readBack(record);
  return check.report();
}
