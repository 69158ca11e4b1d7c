/**
 * What becomes of the records of a shard that cannot be unpacked: a container of the Kinesis Producer Library whose digest is right and whose
 * contents contradict themselves. Unless the user says otherwise it is passed on whole, and its metadata says what is wrong with it.
 *
 * A record is left out only before its slice is enqueued, and the checkpoint moves only after that: it is in the lanes, a dead letter, or
 * counted as dropped. Asked again for the same record, it stores no second dead letter.
 */
import type { OnError } from '@sluice/config';
import { newRow, RecordRows } from '@sluice/core';
import { MALFORMED_AGGREGATE } from '@sluice/kinesis';
import { MalformedAggregateError, ShardBlockedError } from '../errors.ts';
import type { RecordsRefused } from '../shard-reader/records-refused.ts';
import type { RecordSlice } from '../shard-reader/shard-session.ts';

export interface PoisonGuardOptions {
  readonly onError: OnError;
  readonly shardId: string;
  readonly stream: string;
  /** Resolves once every target has the records as dead letters. */
  readonly store: (records: RecordRows, reasons: readonly MalformedAggregateError[]) => Promise<void>;
  readonly report: (event: RecordsRefused) => void;
}

interface Flaw {
  /** Among the records that were asked about. */
  readonly at: number;
  readonly reason: string;
}

export class PoisonGuard {
  readonly #options: PoisonGuardOptions;
  #blocked: ShardBlockedError | undefined;

  constructor(options: PoisonGuardOptions) {
    this.#options = options;
  }

  /** The reader begins anew. */
  reset(): void {
    this.#blocked = undefined;
  }

  /**
   * Of a shard that stands still at such a record, the records before it.
   * @throws {ShardBlockedError} it is the next one
   */
  cut(slice: RecordSlice): RecordSlice {
    if (this.#options.onError !== 'block') return slice;
    if (this.#blocked) throw this.#blocked;
    const { records } = slice;
    const [first] = flawsOf(records);
    if (!first) return slice;
    this.#blocked = this.#blockedBy(records, first);
    if (first.at === 0) throw this.#blocked;
    return { ...slice, records: new RecordRows(records.columns, records.indexes.subarray(0, first.at)), isLast: false };
  }

  /** The records without those that are refused, once each of these is a dead letter or counted. */
  async admit(records: RecordRows): Promise<RecordRows> {
    const { onError: action, store, report } = this.#options;
    if (action === 'pass' || action === 'block') return records;
    const flaws = flawsOf(records);
    if (flaws.length === 0) return records;
    const { columns, indexes } = records;
    if (action === 'dead_letter') {
      const refused = new RecordRows(
        columns,
        Uint32Array.from(flaws, ({ at }) => indexes[at]!),
      );
      const { stream, shardId } = this.#options;
      await store(
        refused,
        flaws.map(({ reason }) => new MalformedAggregateError({ stream, shardId, reason })),
      );
    }
    report({ type: 'records.refused', records: flaws.length, action, reason: flaws[0]!.reason });
    const isRefused = new Set(flaws.map(({ at }) => at));
    return new RecordRows(
      columns,
      indexes.filter((_, at) => !isRefused.has(at)),
    );
  }

  #blockedBy({ columns, indexes }: RecordRows, { at, reason }: Flaw): ShardBlockedError {
    const { stream, shardId } = this.#options;
    const { sequenceNumber = '', arrivalTimeMs: arrivedAtMs = 0 } = columns.recordAt(indexes[at]!).origin ?? {};
    return new ShardBlockedError({ stream, shardId, reason, sequenceNumber, arrivedAtMs });
  }
}

function flawsOf({ columns, indexes }: RecordRows): Flaw[] {
  const row = newRow();
  const flaws: Flaw[] = [];
  for (let at = 0; at < indexes.length; at++) {
    columns.read(indexes[at]!, row);
    const reason = row.metadata[MALFORMED_AGGREGATE];
    if (typeof reason === 'string') flaws.push({ at, reason });
  }
  return flaws;
}
