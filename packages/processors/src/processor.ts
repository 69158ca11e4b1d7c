/** What every processor is made of: messages that remember which source records they stand for, in batches. */
import type { Message } from '@sluice/bloblang';
import { type Awaitable, andThen, type Clock, foldInTurn, type Logger, mapAwaiting } from '@sluice/core';
import type { OpenGlue } from './glue-port.ts';
import type { OpenHttpClient } from './http-port.ts';
import type { Programs } from './programs-port.ts';
import type { Resources } from './resources.ts';

/** A message together with the indexes of the source records that it stands for, ascending, each once, at least one. */
export interface ProcessedMessage {
  /** With `failure` where a processor failed and nothing has caught it since. */
  readonly message: Message;
  readonly sources: readonly number[];
}

export type Batch = readonly ProcessedMessage[];

/**
 * Turns a batch, never an empty one, into any number of batches, at once or later. Never throws for a bad message: it flags it. What
 * rejects is a bug, or the run was given up.
 */
export type Processor = (batch: Batch, run: Run) => Awaitable<readonly Batch[]>;

/** One way of a batch through a chain. */
export interface Run {
  /** Aborted once nobody wants the result any more: whatever waits rejects with its reason. */
  readonly signal: AbortSignal;
  /**
   * Names a source record so that it is recognised when it comes again; `undefined` where it has no name. A source that stands for several
   * records has their names, with spaces between them.
   */
  identify(source: number): string | undefined;
  /** Takes what a `sync_response` processor answers to whoever sent the batch. @default nobody waits for an answer */
  readonly respond?: (answer: readonly Message[]) => void;
}

/** A run that nobody gives up, of records that have no names. */
export const PLAIN_RUN: Run = { signal: new AbortController().signal, identify: () => undefined };

/** A run of its own for a part of another one. */
export const ownRun = (run: Run, identify: Run['identify'] = (source) => run.identify(source)): Run => ({
  get signal() {
    return run.signal;
  },
  identify,
  respond: (answer) => run.respond?.(answer),
});

/** One processor as configured; a configuration model's own settings fit. Nested processors and Bloblang texts stand in `options`. */
export interface ProcessorSettings {
  readonly type: string;
  readonly label: string | undefined;
  /** Dot path as Benthos writes it: `root.pipeline.processors.0`. */
  readonly path: string;
  readonly position: ProcessorPosition;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ProcessorPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A text of Bloblang as a configuration holds it. */
export interface SourceText {
  readonly source: string;
  readonly position: ProcessorPosition;
}

/** Metrics that a configuration defines. */
export interface MetricsPort {
  /**
   * What adds to a counter, sets a gauge, or observes a timing.
   * @throws {RangeError} the name or a label cannot be, or the name stands for another metric
   */
  open(metric: {
    readonly kind: 'counter' | 'gauge' | 'timing';
    readonly name: string;
    readonly labels: readonly string[];
  }): (labels: Readonly<Record<string, string>>, value: number) => void;
}

export interface ProcessorPorts {
  /** Where `log` processors write, and where failed checks are reported. */
  readonly logger: Logger;
  readonly clock: Clock;
  /** Where `metric` and `benchmark` processors count. @default nowhere */
  readonly metrics?: MetricsPort;
  /** Stands around each run of a processor, to measure it. */
  readonly around?: (path: string, batch: Batch, run: () => Awaitable<readonly Batch[]>) => Awaitable<readonly Batch[]>;
}

/** What a processor is compiled with. */
export interface CompileContext extends ProcessorPorts {
  readonly resources: Resources;
  /** `undefined`: no requests can be sent. */
  readonly openHttp: OpenHttpClient | undefined;
  /** `undefined`: AWS Glue cannot be asked. */
  readonly openGlue: OpenGlue | undefined;
  /** `undefined`: no programs can be run. */
  readonly programs: Programs | undefined;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Whether failed messages are refused in the end. */
  readonly refusesFailed: boolean;
  /** Compiles the processors nested in another one. */
  compileAll(settings: readonly ProcessorSettings[]): readonly Processor[];
  /** The same, without processors that skip failed messages because those are refused. */
  readonly lenient: CompileContext;
}

/** Runs processors one after the other, each over every batch that the one before left. */
export const runAll = (processors: readonly Processor[], batches: readonly Batch[], run: Run): Awaitable<readonly Batch[]> =>
  foldInTurn(processors, withContent(batches), (current, process) => {
    if (current.length === 1) return whileWanted(process(current[0]!, run), run, withContent);
    return whileWanted(
      mapAwaiting(current, (batch) => process(batch, run)),
      run,
      (left) => withContent(left.flat()),
    );
  });

/** Goes on with a value; behind a wait only where the run was not given up: the bytes of its records may be used for others by then. */
function whileWanted<T, U>(value: Awaitable<T>, run: Run, next: (value: T) => U): Awaitable<U> {
  if (!(value instanceof Promise)) return next(value);
  return value.then((left) => {
    run.signal.throwIfAborted();
    return next(left);
  });
}

/** The same, and what comes out as one batch. */
export const runAsOne = (processors: readonly Processor[], batches: readonly Batch[], run: Run): Awaitable<Batch> =>
  andThen(runAll(processors, batches, run), (left) => left.flat());

const withContent = (batches: readonly Batch[]): readonly Batch[] => batches.filter(({ length }) => length > 0);

/** The source records of several messages together. */
export function unionOf(batch: Batch): readonly number[] {
  if (batch.length === 1) return batch[0]!.sources;
  return [...new Set(batch.flatMap(({ sources }) => sources))].sort((a, b) => a - b);
}
