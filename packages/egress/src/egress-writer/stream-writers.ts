/**
 * The writers of an egress whose records name their streams: one for each stream, opened at its first record and closed once it had
 * nothing to do for long. They share the slots for requests; the budget of what is in hand is that of the lanes. Order is kept for each
 * key of each stream.
 */
import type { Clock } from '@sluice/core';
import { StreamUnnamedError } from '../errors.ts';
import type { LaneHold } from './lane-hold.ts';
import type { RecordInHand } from './record-in-hand.ts';
import type { RecordWriter, WriterHealth } from './record-writer.ts';
import type { StreamWriter } from './stream-writer.ts';

export interface StreamWritersOptions {
  readonly egressId: string;
  /** For records that name none, and for those that name it; stays open. */
  readonly defaultStream: { readonly name: string; readonly writer: RecordWriter } | undefined;
  readonly open: (stream: string, report: (health: WriterHealth) => void) => StreamWriter;
  readonly clock: Clock;
}

/** A stream without records for so long is closed, at the next look. */
const IDLE_MS = 300_000;
const LOOK_EVERY_MS = 60_000;

interface OpenStream {
  readonly writer: StreamWriter;
  usedMs: number;
}

export class StreamWriters {
  readonly #options: StreamWritersOptions;
  readonly #streams = new Map<string, OpenStream>();
  #report: (health: WriterHealth) => void = () => undefined;
  #isFailing = false;
  #timer: unknown;

  constructor(options: StreamWritersOptions) {
    this.#options = options;
  }

  /** Reports how requests fare: they fail where one stream's fail and none is answered. Answers the way to stop all writers. */
  run(report: (health: WriterHealth) => void): () => void {
    const { defaultStream, clock } = this.#options;
    this.#report = report;
    const stopDefault = defaultStream?.writer.run((health) => this.#note(health));
    this.#closeIdleLater();
    return () => {
      clock.clearTimeout(this.#timer);
      stopDefault?.();
      for (const { writer } of this.#streams.values()) writer.stop();
    };
  }

  /** Takes over records of open lanes, in the order of their lanes. */
  accept(records: readonly RecordInHand[]): void {
    for (const [name, named] of Map.groupBy(records, (record) => this.#nameOf(record))) {
      if (name === undefined) for (const record of named) record.settle(new StreamUnnamedError(this.#options.egressId));
      else this.#writerOf(name).accept(named);
    }
  }

  /** Lets incomplete batches leave. */
  flush(mechanism: 'shutdown' | 'memory'): void {
    for (const writer of this.#writers()) writer.flush(mechanism);
  }

  /** Takes back all that waits of a lane, which is no longer open, and resolves once nothing of it is in flight. */
  async withdraw(lane: LaneHold): Promise<void> {
    await Promise.all(this.#writers().map((writer) => writer.withdraw(lane)));
  }

  /** Counts what is in flight of a lane as unknown. */
  giveUp(lane: LaneHold): void {
    for (const writer of this.#writers()) writer.giveUp(lane);
  }

  /** A request was answered, whatever its stream. */
  noteAnswered(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#report({ type: 'requests.answered' });
  }

  /** Without the white space that the Kinesis Producer Library cuts off; `undefined` where nothing names a stream. */
  #nameOf({ record }: RecordInHand): string | undefined {
    return record.stream?.trim() || this.#options.defaultStream?.name;
  }

  #writerOf(name: string): RecordWriter | StreamWriter {
    const { defaultStream, open, clock } = this.#options;
    if (name === defaultStream?.name) return defaultStream.writer;
    const usedMs = clock.monotonic();
    const known = this.#streams.get(name);
    if (known) {
      known.usedMs = usedMs;
      return known.writer;
    }
    const writer = open(name, (health) => this.#note(health));
    this.#streams.set(name, { writer, usedMs });
    return writer;
  }

  #writers(): Array<RecordWriter | StreamWriter> {
    const named = Array.from(this.#streams.values(), ({ writer }) => writer);
    const { defaultStream } = this.#options;
    return defaultStream ? [defaultStream.writer, ...named] : named;
  }

  #note(health: WriterHealth): void {
    if (health.type === 'requests.answered') {
      this.noteAnswered();
      return;
    }
    if (health.type === 'requests.failing') this.#isFailing = true;
    this.#report(health);
  }

  #closeIdleLater(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#closeIdle();
      this.#closeIdleLater();
    }, LOOK_EVERY_MS);
  }

  #closeIdle(): void {
    const idleSinceMs = this.#options.clock.monotonic() - IDLE_MS;
    for (const [name, { writer, usedMs }] of this.#streams) {
      if (!writer.isIdle || usedMs > idleSinceMs) continue;
      writer.stop();
      this.#streams.delete(name);
    }
  }
}
