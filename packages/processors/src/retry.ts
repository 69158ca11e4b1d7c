import { type Awaitable, andThen, type BackoffPolicy, backoffDelay, isBackoffSpent, mapAwaiting, sleep } from '@sluice/core';
import { ProcessorConfigError } from './errors.ts';
import { withoutFailure } from './failure.ts';
import {
  type Batch,
  type CompileContext,
  ownRun,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  type Run,
  runAsOne,
} from './processor.ts';

interface RetryOptions {
  readonly processors: readonly ProcessorSettings[];
  readonly parallel: boolean;
  readonly max_retries: number;
  readonly backoff: { readonly initial_interval: number; readonly max_interval: number; readonly max_elapsed_time: number };
}

/**
 * `retry`: each message by itself through the processors, again from the start for as long as one of them fails, with a pause before each
 * attempt. Once attempts or time are spent, what the last one made goes on, flagged.
 */
export function retry(settings: ProcessorSettings, context: CompileContext): Processor {
  const { processors, parallel, max_retries: attempts, backoff } = settings.options as unknown as RetryOptions;
  if (processors.length === 0) {
    throw new ProcessorConfigError(settings.position, settings.path, 'at least one child processor must be specified');
  }
  const policy: BackoffPolicy = {
    initialIntervalMs: backoff.initial_interval,
    maxIntervalMs: backoff.max_interval,
    maxElapsedMs: backoff.max_elapsed_time,
    maxRetries: Math.max(attempts, 0),
  };
  const retrying = new Retrying(context.compileAll(processors), policy, context);
  return (batch, run) =>
    andThen(
      mapAwaiting(batch, (item) => retrying.attempt(withoutFailure(item), run), parallel ? batch.length : 1),
      (results) => [results.flat()],
    );
}

class Retrying {
  readonly #processors: readonly Processor[];
  readonly #policy: BackoffPolicy;
  readonly #context: CompileContext;

  constructor(processors: readonly Processor[], policy: BackoffPolicy, context: CompileContext) {
    this.#processors = processors;
    this.#policy = policy;
    this.#context = context;
  }

  attempt(item: ProcessedMessage, run: Run): Awaitable<Batch> {
    const startedMs = this.#context.clock.monotonic();
    return andThen(this.#tryOnce(item, 0, 0, run), (results) =>
      hasFailed(results) ? this.#again(item, results, startedMs, run) : results,
    );
  }

  async #again(item: ProcessedMessage, first: Batch, startedMs: number, run: Run): Promise<Batch> {
    const { clock, random } = this.#context;
    let results = first;
    let pauseMs = 0;
    for (let failures = 1; ; failures++) {
      const nextMs = backoffDelay(this.#policy, failures - 1, random());
      if (isBackoffSpent(this.#policy, failures, clock.monotonic() - startedMs, nextMs)) return noted(results, failures, pauseMs);
      pauseMs = nextMs;
      await sleep(clock, pauseMs, run.signal);
      results = await this.#tryOnce(item, failures, pauseMs, run);
      if (!hasFailed(results)) return results;
    }
  }

  /** A run of its own, so that what an earlier attempt has put into a cache counts as its own. */
  #tryOnce(item: ProcessedMessage, failures: number, pauseMs: number, run: Run): Awaitable<Batch> {
    return runAsOne(this.#processors, [noted([item], failures, pauseMs)], ownRun(run));
  }
}

const hasFailed = (batch: Batch): boolean => batch.some(({ message }) => message.failure !== undefined);

/** With the failed attempts, and the pause before this one in nanoseconds, in the metadata. */
const noted = (batch: Batch, failures: number, pauseMs: number): Batch =>
  batch.map(({ message, sources }) => ({
    message: { ...message, metadata: { ...message.metadata, retry_count: failures, backoff_duration: Math.round(pauseMs * 1e6) } },
    sources,
  }));
