import { type Logger, sleep, systemClock } from '@sluice/core';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { connectRedis } from '@sluice/redis';
import type { DeliveryReport } from '@sluice/testkit/delivery';
import { announceInstallation } from '@sluice/worker';
import { feed, storeInStream } from '../feed/feeder.ts';
import { compareStreams } from './compare-streams.ts';
import { PipelineStuckError } from './errors.ts';
import { type FeedPlan, planFeed } from './feed-plan.ts';
import { type Figures, readFigures } from './figures.ts';
import { Pace } from './pace.ts';
import { type Playground, startPlayground } from './playground.ts';
import { createProgressDisplay, type ProgressDisplay } from './progress.ts';
import { createFolder } from './run-folder.ts';
import { isDelivered, missingOf, renderSummary } from './summary.ts';

export interface UpOptions {
  /** Feeds so many records, or goes on until stopped where absent. */
  readonly records?: number;
  /** Lines of a file instead of flights. */
  readonly file?: string;
  /** The field of a JSON line that is its partition key. */
  readonly key?: string;
  /** The URL of a greeter for the tour of functions, instead of the example's. */
  readonly greeter?: string;
  /** Records a second to feed, at most. Slower where the pipeline does not keep up. */
  readonly rate: number;
  /** Stops once everything fed has arrived. */
  readonly exit: boolean;
  readonly shards: number;
  readonly boardPort: number;
  readonly chaos: boolean;
  readonly logger: Logger;
  /** Aborted by Ctrl-C: the feeding stops and what is under way is drained. */
  readonly signal: AbortSignal;
}

const SOURCE_STREAM = 'flights';
const OUTPUT_STREAM = 'departures';
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const LOOK_MS = 200;
/** A pipeline in which nothing moves for this long is stuck. Generous, since a slow machine may need it. */
const STUCK_AFTER_MS = 180_000;

/** Runs the whole pipeline on this machine and checks what came out. Resolves with whether everything arrived, in order. */
export async function up(options: UpOptions): Promise<boolean> {
  const plan = await planFeed(options);
  const display = createProgressDisplay(process.stdout, systemClock.monotonic);
  const folder = await createFolder();
  await using stack = new AsyncDisposableStack();
  const playground = stack.use(
    await startPlayground({
      ...options,
      configArguments: plan.configArguments,
      streams: [SOURCE_STREAM, OUTPUT_STREAM],
      workers: ['egress-worker', 'ingress-worker'],
      directory: folder.path,
      onStep: (text) => display.note(text),
    }).catch((error: unknown) => folder.keepFor(error, options.signal)),
  );
  stack.use(announceInstallation({ pid: process.pid, env: playground.env, configArguments: plan.configArguments }));
  const client = stack.use(createKinesisClient({ region: 'us-east-1', endpoint: playground.endpoint, credentials: LOCAL_CREDENTIALS }));
  const session = stack.use(await connectRedis({ url: playground.redisUrl }, { logger: options.logger, clock: systemClock }));
  display.note(welcome(playground, options));

  const look = () =>
    readFigures({
      ...{ source: SOURCE_STREAM, output: OUTPUT_STREAM, session },
      endpoint: playground.endpoint,
      keyPrefix: playground.keyPrefix,
    });
  const run = new Run({ options, plan, playground, client, display, look });
  return await Promise.race([run.toTheEnd(), playground.failed]).catch((error: unknown) => folder.keepFor(error, options.signal));
}

const welcome = ({ boardUrl, endpoint, redisUrl, logs }: Playground, { exit, records, chaos }: UpOptions): string =>
  [
    '',
    `board    ${boardUrl}`,
    `kinesis  ${endpoint}`,
    `redis    ${redisUrl}`,
    `logs     ${logs}`,
    '',
    ...(chaos ? ['Kinesis plays faults now and then; nothing may be lost or out of order all the same.'] : []),
    exit && records !== undefined
      ? 'Stops by itself once everything has arrived.'
      : 'Ctrl-C stops the feed, drains what is under way and checks it.',
    '',
  ].join('\n');

interface RunParts {
  readonly options: UpOptions;
  readonly plan: FeedPlan;
  readonly playground: Playground;
  readonly client: KinesisClient;
  readonly display: ProgressDisplay;
  readonly look: () => Promise<Figures>;
}

/** One feed, from its first record to the comparison of what came out. */
class Run {
  readonly #parts: RunParts;
  readonly #pace: Pace;
  #isFeeding = true;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#pace = new Pace({ rate: parts.options.rate, now: systemClock.monotonic });
  }

  async toTheEnd(): Promise<boolean> {
    const { playground, display } = this.#parts;
    const startedAtMs = systemClock.monotonic();
    const feeding = this.#feed();
    const drained = this.#untilDrained(feeding);
    await Promise.all([feeding, drained]);
    const { last, report } = await drained;
    const seconds = (systemClock.monotonic() - startedAtMs) / 1_000;
    display.done();
    await playground.stopWorkers();
    const summary = { ...report, stored: last.fed, written: last.written, deadLetters: last.deadLetters, seconds };
    process.stdout.write(`\n${renderSummary(summary)}`);
    return isDelivered(summary);
  }

  async #feed(): Promise<void> {
    const { options, plan, client } = this.#parts;
    await feed({
      store: storeInStream(client, SOURCE_STREAM),
      records: plan.records(),
      limit: plan.limit ?? Number.POSITIVE_INFINITY,
      waitMs: () => this.#pace.waitMs(),
      signal: options.signal,
      onStored: (count) => this.#pace.fed(count),
    });
    this.#isFeeding = false;
  }

  /** Shows progress until everything fed has come out. Without `--exit` it goes on until Ctrl-C. */
  async #untilDrained(feeding: Promise<void>): Promise<{ last: Figures; report: DeliveryReport }> {
    const { options, plan, playground, client, display, look } = this.#parts;
    let before: Figures | undefined;
    let movedAtMs = systemClock.monotonic();
    for (;;) {
      const figures = await look();
      this.#pace.arrived(figures.written + figures.deadLetters);
      const wanted = options.signal.aborted ? figures.fed : plan.limit;
      display.show({ ...figures, ...(wanted !== undefined && { wanted }), rate: this.#pace.arrivalRate });
      const now = systemClock.monotonic();
      if (hasMoved(before, figures)) movedAtMs = now;
      const mayEnd = !this.#isFeeding && (options.exit || options.signal.aborted);
      if (mayEnd && figures.inLanes === 0 && figures.written + figures.deadLetters >= figures.fed) {
        const { isOutputTrimmed } = figures;
        const report = await compareStreams({ client, source: SOURCE_STREAM, output: OUTPUT_STREAM, isOutputTrimmed });
        // Duplicates fill the count before the last record is there.
        if (missingOf({ ...report, deadLetters: figures.deadLetters }) === 0) return { last: figures, report };
      }
      if (mayEnd && now - movedAtMs > STUCK_AFTER_MS) throw new PipelineStuckError(figures, now - movedAtMs, playground.logs);
      before = figures;
      await Promise.race([sleep(systemClock, LOOK_MS), ...(this.#isFeeding ? [feeding] : [])]);
    }
  }
}

const hasMoved = (before: Figures | undefined, now: Figures): boolean =>
  before === undefined || before.fed !== now.fed || before.written !== now.written || before.inLanes !== now.inLanes;
