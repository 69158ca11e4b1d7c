import type { HistoryCount } from '../history/history-count.ts';
import type { EgressReport } from '../worker-report.ts';
import type { Handlers } from './handlers.ts';
import { HeardOf } from './heard-of.ts';
import { LaneAges } from './lane-ages.ts';
import { OngoingFailure } from './ongoing-failure.ts';
import { perSecond } from './rate.ts';
import { Silence } from './silence.ts';

type EgressEventType =
  | 'egress.opened'
  | 'egress.waiting'
  | 'egress.failing'
  | 'egress.recovered'
  | 'lane.measured'
  | 'request.answered'
  | 'request.failed'
  | 'request.adapted'
  | 'record.offloaded'
  | 'offload.failed'
  | 'record.deadLettered'
  | 'batch.flushed'
  | 'records.filtered'
  | 'replay.skipped'
  | 'lane.takenOver'
  | 'lane.aged'
  | 'lane.ageEnded'
  | 'lane.blocked';

interface Egress {
  stream: string | undefined;
  state: EgressReport['state'];
  failure: { readonly code: string; readonly reason: string } | undefined;
  pace: { readonly timeoutSeconds: number; readonly maxRecords: number } | undefined;
  /** In its lanes, as last measured. */
  waiting: number | undefined;
  tally: Tally;
  readonly ages: LaneAges;
  readonly offloading: OngoingFailure;
  /** Of what it does with records. */
  readonly silence: Silence;
}

/** Since the last report. */
interface Tally {
  records: number;
  bytes: number;
  requests: number;
  seconds: number;
  failed: number;
  throttled: number;
  deadLetters: number;
}

/** What the writers of egresses do. */
export class EgressFigures {
  readonly #egresses = new HeardOf<Egress>(
    (): Egress => ({
      stream: undefined,
      state: 'writing',
      failure: undefined,
      pace: undefined,
      waiting: undefined,
      tally: newTally(),
      ages: new LaneAges(),
      offloading: new OngoingFailure(),
      silence: new Silence(),
    }),
  );

  readonly on: Handlers<EgressEventType> = {
    'egress.opened': ({ egress: name, stream }) => {
      this.#egresses.of(name).stream = stream;
    },
    'egress.waiting': ({ egress: name, code, reason }) => {
      const egress = this.#egresses.of(name);
      egress.state = 'waiting';
      egress.failure = { code, reason };
    },
    'egress.failing': ({ egress: name, code, reason }) => {
      const egress = this.#egresses.of(name);
      egress.state = 'failing';
      egress.failure = { code, reason };
    },
    'egress.recovered': (event) => {
      const egress = this.#egresses.of(event.egress);
      egress.state = 'writing';
      egress.failure = undefined;
    },
    'lane.measured': (event) => {
      const egress = this.#egresses.of(event.egress);
      egress.waiting = event.records;
      // It is measured only while it is open.
      if (egress.state !== 'waiting') return;
      egress.state = 'writing';
      egress.failure = undefined;
    },
    'request.answered': ({ egress: name, written, bytes, seconds, failed, throttled }) => {
      const egress = this.#egresses.of(name);
      const { tally } = egress;
      tally.records += written;
      tally.bytes += bytes;
      tally.requests += 1;
      tally.seconds += seconds;
      tally.failed += failed;
      tally.throttled += throttled;
      egress.silence.break();
      if (failed === 0 && egress.state === 'writing') egress.failure = undefined;
    },
    'request.failed': ({ egress: name, code, reason, records }) => {
      const egress = this.#egresses.of(name);
      egress.tally.failed += records;
      egress.silence.break();
      if (code === THROTTLED) egress.tally.throttled += records;
      egress.failure = { code, reason };
    },
    'request.adapted': ({ egress, timeoutSeconds, maxRecords }) => {
      this.#egresses.of(egress).pace = { timeoutSeconds, maxRecords };
    },
    'record.offloaded': ({ egress }) => this.#egresses.of(egress).offloading.ended(),
    'offload.failed': ({ egress: name, code, reason, records }) => {
      const egress = this.#egresses.of(name);
      egress.offloading.failed({ code, reason, records });
      egress.silence.break();
    },
    'record.deadLettered': ({ egress }) => {
      const { tally, silence } = this.#egresses.of(egress);
      tally.deadLetters += 1;
      silence.break();
    },
    'batch.flushed': ({ egress }) => this.#egresses.of(egress).silence.break(),
    'records.filtered': ({ egress }) => this.#egresses.of(egress).silence.break(),
    'replay.skipped': ({ egress }) => this.#egresses.of(egress).silence.break(),
    'lane.takenOver': ({ egress }) => this.#egresses.of(egress).silence.break(),
    'lane.aged': ({ egress, lane, seconds }) => this.#egresses.of(egress).ages.aged(lane, seconds),
    'lane.ageEnded': ({ egress, lane }) => this.#egresses.of(egress).ages.ended(lane),
    'lane.blocked': ({ egress, lane }) => this.#egresses.of(egress).ages.blocked(lane),
  };

  /** What happened since the last call, `seconds` ago. */
  take(seconds: number): { readonly egresses: readonly EgressReport[]; readonly counts: readonly HistoryCount[] } {
    const egresses = [...this.#egresses].map(([name, egress]) => toReport(name, egress, seconds));
    const counts = [...this.#egresses].flatMap(([name, egress]) => toCounts(name, egress));
    for (const [, egress] of this.#egresses) {
      egress.tally = newTally();
      egress.silence.pass(seconds);
    }
    this.#egresses.forgetSilent(seconds);
    return { egresses, counts };
  }

  /** Those that have had records in their lanes for so long, and have done nothing with any. What fails, waits or is blocked is meant to wait. */
  stuck(afterSeconds: number): string[] {
    return [...this.#egresses].flatMap(([name, { state, failure, ages, silence }]) =>
      state === 'writing' && !failure && ages.oldestSeconds >= afterSeconds && silence.seconds >= afterSeconds
        ? [`egress ${name} has done nothing for ${Math.round(silence.seconds)} s, and has records in its lanes`]
        : [],
    );
  }

  forgetSilence(): void {
    for (const [, { silence }] of this.#egresses) silence.break();
  }
}

/** The code of a whole request that was throttled. */
const THROTTLED = 'KINESIS_THROTTLED';

const newTally = (): Tally => ({ records: 0, bytes: 0, requests: 0, seconds: 0, failed: 0, throttled: 0, deadLetters: 0 });

function toReport(egress: string, { stream, state, failure, pace, tally, offloading }: Egress, seconds: number): EgressReport {
  const failsToOffload = offloading.take(seconds);
  return {
    egress,
    ...(stream !== undefined && { stream }),
    recordsPerSecond: perSecond(tally.records, seconds),
    bytesPerSecond: perSecond(tally.bytes, seconds),
    requestsPerSecond: perSecond(tally.requests, seconds),
    failedPerSecond: perSecond(tally.failed, seconds),
    throttledPerSecond: perSecond(tally.throttled, seconds),
    requestMs: tally.requests === 0 ? 0 : perSecond(tally.seconds * 1_000, tally.requests),
    ...pace,
    state,
    ...failure,
    ...(failsToOffload && { offloading: failsToOffload }),
  };
}

const toCounts = (name: string, { waiting, tally }: Egress): HistoryCount[] => [
  { measure: 'records_out', name, value: tally.records },
  { measure: 'bytes_out', name, value: tally.bytes },
  { measure: 'failed', name, value: tally.failed },
  { measure: 'throttled', name, value: tally.throttled },
  { measure: 'dead_letters', name, value: tally.deadLetters },
  ...(waiting === undefined ? [] : [{ measure: 'waiting' as const, name, value: waiting }]),
];
