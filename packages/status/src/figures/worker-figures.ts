import type { EventSink, EventType, TelemetryEvent } from '@sluice/telemetry';
import type { HistoryCount } from '../history/history-count.ts';
import type { WorkerReport } from '../worker-report.ts';
import { EgressFigures } from './egress-figures.ts';
import { FunctionFigures } from './function-figures.ts';
import type { Handlers } from './handlers.ts';
import { OngoingFailure } from './ongoing-failure.ts';
import { ShardFigures } from './shard-figures.ts';

export interface Figures extends Pick<WorkerReport, 'shards' | 'routes' | 'egresses' | 'functions' | 'deadLetterOutput'> {
  /** For the history. */
  readonly counts: readonly HistoryCount[];
}

/** Sums up the events of a worker. A few additions an event, and events are those of pages and requests, not of records. */
export class WorkerFigures implements EventSink {
  readonly #shards = new ShardFigures();
  readonly #egresses = new EgressFigures();
  readonly #functions = new FunctionFigures();
  readonly #deadLetterOutput = new OngoingFailure();

  readonly #handlers: Partial<Record<EventType, (event: never) => void>> = {
    ...this.#shards.on,
    ...this.#egresses.on,
    ...this.#functions.on,
    ...this.#onDeadLetters(),
  };

  emit(event: TelemetryEvent): void {
    this.#handlers[event.type]?.(event as never);
  }

  /** What happened since the last call, `seconds` ago. */
  take(seconds: number): Figures {
    const routes = this.#shards.routes();
    const { shards, counts: ofShards } = this.#shards.take(seconds);
    const { egresses, counts: ofEgresses } = this.#egresses.take(seconds);
    const { functions, counts: ofFunctions } = this.#functions.take(seconds);
    const deadLetterOutput = this.#deadLetterOutput.take(seconds);
    return {
      ...{ shards, routes, egresses, functions, ...(deadLetterOutput && { deadLetterOutput }) },
      counts: [...ofShards, ...ofEgresses, ...ofFunctions],
    };
  }

  #onDeadLetters(): Handlers<'deadLetters.failing' | 'deadLetters.recovered'> {
    const output = this.#deadLetterOutput;
    return {
      'deadLetters.failing': ({ code, reason }) => output.failed({ code, reason }),
      'deadLetters.recovered': () => output.ended(),
    };
  }

  /** What should have done something for so long and has not, in words. */
  stuck(afterSeconds: number): readonly string[] {
    return [this.#shards, this.#egresses, this.#functions].flatMap((figures) => figures.stuck(afterSeconds));
  }

  /** Nothing could be done since the last call of `take`, and that is nobody's fault here. */
  forgetSilence(): void {
    for (const figures of [this.#shards, this.#egresses, this.#functions]) figures.forgetSilence();
  }
}
