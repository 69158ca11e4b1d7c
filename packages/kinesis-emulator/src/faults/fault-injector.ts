import type { OperationName } from '../operations/catalogue.ts';
import type { RecordFailure } from '../operations/operation.ts';
import type { FaultSettings, OneFault, OperationFaults, RequestFailure } from './fault-settings.ts';
import { seededRandom } from './seeded-random.ts';

/** What is to go wrong with one request. */
export interface FaultPlan {
  readonly delayMs: number;
  readonly error: RequestFailure | undefined;
  readonly lostReply: 'reset' | 'hang' | undefined;
  readonly failRecord: (index: number) => RecordFailure | undefined;
}

const never = () => undefined;
const NO_FAULT: FaultPlan = { delayMs: 0, error: undefined, lostReply: undefined, failRecord: never };
const RECORD_FAILURES: readonly RecordFailure[] = ['ProvisionedThroughputExceededException', 'InternalFailure'];

/** Decides what goes wrong. The same seed, settings and order of requests give the same faults. */
export class FaultInjector {
  readonly seed: number;
  readonly #random: () => number;
  readonly #queued = new Map<OperationName, OneFault[]>();
  #settings: FaultSettings;

  constructor(settings: FaultSettings, seed: number) {
    this.#settings = settings;
    this.seed = seed;
    this.#random = seededRandom(seed);
  }

  /** Replaces all rates. Faults queued by {@link once} stay. */
  set(settings: FaultSettings): void {
    this.#settings = settings;
  }

  /** The next request of `operation` meets `fault`; calls queue up, and go before the rates. */
  once(operation: OperationName, fault: OneFault): void {
    const queue = this.#queued.get(operation) ?? [];
    queue.push(fault);
    this.#queued.set(operation, queue);
  }

  /** No more faults, neither by rate nor queued. */
  clear(): void {
    this.#settings = {};
    this.#queued.clear();
  }

  plan(operation: OperationName): FaultPlan {
    const queued = this.#queued.get(operation)?.shift();
    if (queued) {
      const { latencyMs = 0, error, lostReply, records } = queued;
      return { delayMs: latencyMs, error, lostReply, failRecord: records ? (index) => records[index] : never };
    }
    const faults = this.#settings[operation] ?? this.#settings['*'];
    return faults ? this.#planFrom(faults) : NO_FAULT;
  }

  #planFrom(faults: OperationFaults): FaultPlan {
    const [least, most] = faults.latencyMs ?? [0, 0];
    const recordRate = faults.recordErrorRate ?? 0;
    return {
      delayMs: least + this.#random() * (most - least),
      error: this.#happens(faults.errorRate) ? this.#oneOf(faults.errors ?? ['InternalFailure']) : undefined,
      lostReply: this.#happens(faults.lostReplyRate) ? (faults.lostReply ?? 'reset') : undefined,
      failRecord:
        recordRate === 0 ? never : () => (this.#happens(recordRate) ? this.#oneOf(faults.recordErrors ?? RECORD_FAILURES) : undefined),
    };
  }

  #happens(rate = 0): boolean {
    return rate > 0 && this.#random() < rate;
  }

  #oneOf<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#random() * values.length)]!;
  }
}
