/** A record writer whose clock, chance and answers are the test's. */
import { type Clock, type ErrorReport, type SluiceRecord, silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import type { SpentBudget } from '@sluice/lane-consumer';
import type { WriterEvent } from '@sluice/telemetry';
import type { LaneHold } from '../egress-writer/lane-hold.ts';
import { type AckHandle, RecordInHand } from '../egress-writer/record-in-hand.ts';
import { RecordLimit } from '../egress-writer/record-limit.ts';
import { RecordWriter, type RecordWriterPorts, type RecordWriterSettings, type WriterHealth } from '../egress-writer/record-writer.ts';
import { RequestSlots } from '../egress-writer/request-slots.ts';
import type { LiveShards } from '../shard-budget/live-shards.ts';
import { recordOf } from './fake-lane.ts';
import { HeldSink } from './held-sink.ts';

/** Time goes on by a millisecond with each look at it, as it does while code runs. */
export class CreepingClock extends ManualClock {
  reads = 0;

  override monotonic(): number {
    return super.monotonic() + this.reads++;
  }
}

export class TestHold implements LaneHold {
  readonly lanes = [this];
  isOpen = true;
  remainingMs = 5_000;
  readonly written: string[] = [];
  readonly refused: Array<readonly [string, string]> = [];
  budget: { reason: ErrorReport; attempts: number } | undefined;
  isDisplaced = false;

  records(...texts: string[]): RecordInHand[] {
    return this.#inHand(texts, recordOf);
  }

  /** Records that a shard of a source brought. */
  fromShard(shardId: string, ...texts: string[]): RecordInHand[] {
    const origin = { stream: 'in', shardId, sequenceNumber: '1', subSequenceNumber: 0, arrivalTimeMs: 0 };
    return this.#inHand(texts, (text) => ({ ...recordOf(text), origin }));
  }

  /** What this lane has of an input batch. */
  inputBatch(...texts: string[]): RecordInHand[] {
    return this.#inHand(texts, recordOf, true);
  }

  #inHand(texts: string[], toRecord: (text: string) => SluiceRecord, isInputBatch = false): RecordInHand[] {
    const settle: AckHandle['settle'] = (index, reason) => {
      if (reason) this.refused.push([texts[index]!, reason.code]);
      else this.written.push(texts[index]!);
    };
    const arrival = { ack: { settle }, acceptedMs: 0, isInputBatch };
    return texts.map((text, index) => new RecordInHand(toRecord(text), this, arrival, index));
  }

  canSend(marginMs: number): boolean {
    return this.isOpen && this.remainingMs > marginMs;
  }

  leaseEndsInMs(): number {
    return this.remainingMs;
  }

  spent(spent: SpentBudget): void {
    this.isOpen = false;
    this.budget = spent;
  }

  displaced(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.isDisplaced = true;
  }
}

export const holdOf = () => new TestHold();

export const retrying = (backoff: Partial<RecordWriterSettings['retry']['backoff']> = {}): RecordWriterSettings['retry'] => ({
  backoff: { initialIntervalMs: 1_000, maxIntervalMs: 5_000, maxElapsedMs: 0, maxRetries: 0, ...backoff },
  recordTtlMs: undefined,
  failIfThrottled: false,
});

interface RigSettings extends RecordWriterSettings {
  /** Largest record of the stream. */
  readonly maxRecordBytes: number;
  /** Looks at it again. */
  readonly findMaxRecordBytes: () => Promise<number>;
}

interface RigPorts extends Pick<RecordWriterPorts, 'tracing' | 'largeRecords'> {
  /** In place of one that answers when told. */
  readonly sink?: RecordWriterPorts['sink'];
  readonly shards?: (clock: Clock) => LiveShards;
}

/** A writer for `ordering: key` whose sink answers when told and whose backoff has no spread. */
export function writerOf(
  { maxRecordBytes = 1_000, findMaxRecordBytes, ...settings }: Partial<RigSettings> = {},
  clock = new ManualClock(),
  { tracing, largeRecords, shards, sink: otherSink }: RigPorts = {},
) {
  const sink = new HeldSink();
  const hold = holdOf();
  const events: WriterEvent[] = [];
  const health: WriterHealth[] = [];
  const random = () => 0.5;
  const find = findMaxRecordBytes ?? (async () => maxRecordBytes);
  const limit = new RecordLimit({
    ...{ stream: 'out', bytes: maxRecordBytes, find, clock, random },
    logger: silentLogger,
    takeTurn: () => 0,
  });
  const writer = new RecordWriter(
    {
      stream: 'out',
      ordering: 'key',
      limits: { maxRecords: 500, maxBytes: 10_000 },
      maxInFlight: 8,
      keys: { partitionKey: 'record', hashKey: 'none' },
      retry: retrying(),
      requestTimeoutMs: 3_000,
      maxRequestTimeoutMs: 12_000,
      batching: undefined,
      processing: undefined,
      aggregation: undefined,
      ...settings,
    },
    {
      ...{ sink: otherSink ?? sink, clock, tracing, largeRecords, shards: shards?.(clock), random, limit },
      emit: (event) => events.push(event),
      slots: new RequestSlots(Number.POSITIVE_INFINITY),
    },
  );
  const stop = writer.run((event) => health.push(event));
  const bugs = () => health.flatMap((event) => (event.type === 'requests.broken' ? [event.error] : []));
  return { writer, sink, hold, clock, events, health, bugs, stop };
}
