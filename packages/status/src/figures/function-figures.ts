import type { HistoryCount } from '../history/history-count.ts';
import type { FunctionReport } from '../worker-report.ts';
import type { Handlers } from './handlers.ts';
import { HeardOf } from './heard-of.ts';
import { LaneAges } from './lane-ages.ts';
import { perSecond } from './rate.ts';
import { Silence } from './silence.ts';

type FunctionEventType =
  | 'function.invoked'
  | 'function.failed'
  | 'function.deadLettered'
  | 'function.measured'
  | 'function.waiting'
  | 'function.replaySkipped'
  | 'function.laneTakenOver'
  | 'function.laneAged'
  | 'function.laneAgeEnded'
  | 'function.laneBlocked';

interface FunctionType {
  state: FunctionReport['state'];
  failure: { readonly code: string; readonly reason: string } | undefined;
  parked: number;
  inFlight: number;
  /** In its lanes, as last measured. */
  waiting: number | undefined;
  tally: Tally;
  readonly ages: LaneAges;
  /** Of what it does with records. */
  readonly silence: Silence;
}

/** Since the last report. */
interface Tally {
  invocations: number;
  messages: number;
  seconds: number;
  failed: number;
  deadLetters: number;
}

/** What happens to function types. */
export class FunctionFigures {
  readonly #functions = new HeardOf<FunctionType>(
    (): FunctionType => ({
      state: 'serving',
      failure: undefined,
      parked: 0,
      inFlight: 0,
      waiting: undefined,
      tally: newTally(),
      ages: new LaneAges(),
      silence: new Silence(),
    }),
  );

  readonly on: Handlers<FunctionEventType> = {
    'function.invoked': ({ function: name, messages, seconds }) => {
      const type = this.#functions.of(name);
      type.tally.invocations += 1;
      type.tally.messages += messages;
      type.tally.seconds += seconds;
      type.silence.break();
      if (type.state === 'serving') type.failure = undefined;
    },
    'function.failed': ({ function: name, code, reason }) => {
      const type = this.#functions.of(name);
      type.tally.failed += 1;
      type.silence.break();
      type.failure = { code, reason };
    },
    'function.deadLettered': ({ function: name }) => {
      this.#functions.of(name).tally.deadLetters += 1;
    },
    'function.measured': ({ function: name, parked, inFlight, records }) => {
      const type = this.#functions.of(name);
      // It is measured only while it is served.
      if (type.state === 'waiting') type.failure = undefined;
      type.state = 'serving';
      type.parked = parked;
      type.inFlight = inFlight;
      type.waiting = records;
    },
    'function.waiting': ({ function: name, code, reason }) => {
      const type = this.#functions.of(name);
      type.state = 'waiting';
      type.failure = { code, reason };
    },
    'function.replaySkipped': (event) => this.#functions.of(event.function).silence.break(),
    'function.laneTakenOver': (event) => this.#functions.of(event.function).silence.break(),
    'function.laneAged': ({ function: name, lane, seconds }) => this.#functions.of(name).ages.aged(lane, seconds),
    'function.laneAgeEnded': ({ function: name, lane }) => this.#functions.of(name).ages.ended(lane),
    'function.laneBlocked': ({ function: name, lane }) => this.#functions.of(name).ages.blocked(lane),
  };

  /** What happened since the last call, `seconds` ago. */
  take(seconds: number): { readonly functions: readonly FunctionReport[]; readonly counts: readonly HistoryCount[] } {
    const functions = [...this.#functions].map(([name, type]) => toReport(name, type, seconds));
    const counts = [...this.#functions].flatMap(([name, type]) => toCounts(name, type));
    for (const [, type] of this.#functions) {
      type.tally = newTally();
      type.silence.pass(seconds);
    }
    this.#functions.forgetSilent(seconds);
    return { functions, counts };
  }

  /** Those that have had records in their lanes for so long, and have done nothing with any. What fails, waits or is blocked is meant to wait. */
  stuck(afterSeconds: number): string[] {
    return [...this.#functions].flatMap(([name, { inFlight, failure, ages, silence }]) =>
      inFlight === 0 && !failure && ages.oldestSeconds >= afterSeconds && silence.seconds >= afterSeconds
        ? [`function ${name} has done nothing for ${Math.round(silence.seconds)} s, and has messages in its lanes`]
        : [],
    );
  }

  forgetSilence(): void {
    for (const [, { silence }] of this.#functions) silence.break();
  }
}

const newTally = (): Tally => ({ invocations: 0, messages: 0, seconds: 0, failed: 0, deadLetters: 0 });

const toReport = (type: string, { state, failure, parked, inFlight, tally }: FunctionType, seconds: number): FunctionReport => ({
  type,
  invocationsPerSecond: perSecond(tally.invocations, seconds),
  messagesPerSecond: perSecond(tally.messages, seconds),
  failedPerSecond: perSecond(tally.failed, seconds),
  requestMs: tally.invocations === 0 ? 0 : perSecond(tally.seconds * 1_000, tally.invocations),
  ...{ parked, inFlight, state },
  ...failure,
});

const toCounts = (name: string, { waiting, tally }: FunctionType): HistoryCount[] => [
  { measure: 'invocations', name, value: tally.invocations },
  { measure: 'failed', name, value: tally.failed },
  { measure: 'dead_letters', name, value: tally.deadLetters },
  ...(waiting === undefined ? [] : [{ measure: 'waiting' as const, name, value: waiting }]),
];
