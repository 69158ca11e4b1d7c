import type { OperationName } from '../operations/catalogue.ts';
import type { RecordFailure } from '../operations/operation.ts';
import { ControlPlane } from './control-plane.ts';
import { CredentialRefusals, type Credentials } from './credential-refusals.ts';
import {
  type CredentialRefusal,
  type FaultSettings,
  type HiddenShard,
  type LostReply,
  type OneFault,
  type OperationFaults,
  type Range,
  RECORD_FAILURES,
  type RequestFailure,
} from './fault-settings.ts';
import { seededRandom } from './seeded-random.ts';

/** What is to go wrong with one request. */
export interface FaultPlan {
  readonly error: RequestFailure | undefined;
  /** Before it is carried out. */
  readonly delayMs: number;
  /** After it was carried out. */
  readonly replyDelayMs: number;
  /** The connection is reset now, the request carried out after so many milliseconds. */
  readonly lateMs: number | undefined;
  readonly lostReply: LostReply | undefined;
  readonly delivery: Delivery;
  readonly failRecord: (index: number) => RecordFailure | undefined;
}

/** How a reply goes out. */
export interface Delivery {
  /** Bytes a second; `undefined` is unlimited. */
  readonly bytesPerSecond?: number | undefined;
  /** How many bytes of a reply of `length` bytes, head included, are sent before its connection ends; `undefined` sends all. */
  readonly cutAfter?: ((length: number) => number) | undefined;
}

const never = () => undefined;
const NO_FAULT: FaultPlan = {
  error: undefined,
  delayMs: 0,
  replyDelayMs: 0,
  lateMs: undefined,
  lostReply: undefined,
  delivery: {},
  failRecord: never,
};
const DEFAULT_LATE_MS: Range = [1_000, 5_000];

function planOfOne(fault: OneFault): FaultPlan {
  const { error, latencyMs = 0, replyDelayMs = 0, lateMs, lostReply, bytesPerSecond, cutReplyAfterBytes, records } = fault;
  const cutAfter = cutReplyAfterBytes === undefined ? undefined : () => cutReplyAfterBytes;
  return {
    error,
    delayMs: latencyMs,
    replyDelayMs,
    lateMs,
    lostReply,
    delivery: { bytesPerSecond, cutAfter },
    failRecord: records ? (index) => records[index] : never,
  };
}

/** Decides what goes wrong. The same seed, settings and order of requests give the same faults. */
export class FaultInjector {
  readonly seed: number;
  /** What lists and descriptions of shards say. */
  readonly controlPlane = new ControlPlane();
  readonly #credentials = new CredentialRefusals();
  readonly #random: () => number;
  readonly #queued = new Map<OperationName, OneFault[]>();
  #settings: FaultSettings = {};

  constructor(settings: FaultSettings, seed: number) {
    this.seed = seed;
    this.#random = seededRandom(seed);
    this.set(settings);
  }

  /** Replaces all rates, the lag, hidden shards and refused credentials. Faults queued by {@link once} stay. */
  set(settings: FaultSettings): void {
    this.#settings = settings;
    this.controlPlane.set(settings.controlPlane ?? {});
    this.#credentials.set(settings.credentials ?? []);
  }

  /** The next request of `operation` meets `fault`, or the next `times` do; calls queue up, and go before the rates. */
  once(operation: OperationName, fault: OneFault, times = 1): void {
    const queue = this.#queued.get(operation) ?? [];
    for (let turn = 0; turn < times; turn++) queue.push(fault);
    this.#queued.set(operation, queue);
  }

  /** The control plane does not know of a shard for a number of answers; beside those hidden already. */
  hideShard(fault: HiddenShard): void {
    this.controlPlane.hide(fault);
  }

  /** Requests of these credentials are refused from now on; beside those refused already. */
  refuseCredentials(refusal: CredentialRefusal): void {
    this.#credentials.add(refusal);
  }

  /** No more faults, neither by rate nor queued. */
  clear(): void {
    this.set({});
    this.#queued.clear();
  }

  plan(operation: OperationName, credentials: Credentials): FaultPlan {
    const queued = this.#queued.get(operation)?.shift();
    const faults = this.#settings[operation] ?? this.#settings['*'];
    const plan = queued ? planOfOne(queued) : faults ? this.#planFrom(faults) : NO_FAULT;
    const refusal = this.#credentials.errorFor(credentials);
    return refusal ? { ...plan, error: refusal } : plan;
  }

  #planFrom(faults: OperationFaults): FaultPlan {
    const recordRate = faults.recordErrorRate ?? 0;
    return {
      delayMs: this.#within(faults.latencyMs),
      error: this.#happens(faults.errorRate) ? this.#oneOf(faults.errors ?? ['InternalFailure']) : undefined,
      lostReply: this.#happens(faults.lostReplyRate) ? (faults.lostReply ?? 'reset') : undefined,
      replyDelayMs: this.#happens(faults.replyDelayRate ?? 1) ? this.#within(faults.replyDelayMs) : 0,
      lateMs: this.#happens(faults.lateRate) ? this.#within(faults.lateMs ?? DEFAULT_LATE_MS) : undefined,
      delivery: {
        bytesPerSecond: faults.bytesPerSecond,
        cutAfter: this.#happens(faults.cutReplyRate) ? (length) => Math.floor(this.#random() * length) : undefined,
      },
      failRecord:
        recordRate === 0 ? never : () => (this.#happens(recordRate) ? this.#oneOf(faults.recordErrors ?? RECORD_FAILURES) : undefined),
    };
  }

  #within([least, most]: Range = [0, 0]): number {
    return least + this.#random() * (most - least);
  }

  #happens(rate = 0): boolean {
    return rate > 0 && this.#random() < rate;
  }

  #oneOf<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#random() * values.length)]!;
  }
}
