import type { Clock, WeightedBudget } from '@sluice/core';
import type { FunctionAddress } from '@sluice/function-protocol';
import type { Operation } from '@sluice/queue';
import type { Tracing } from '@sluice/telemetry';
import type { EgressEffect } from '../answer/effects.ts';
import type { Slot, Start } from '../function/dispatcher.ts';
import type { AddressValues } from '../state/address-values.ts';
import type { BatchLimits } from './batch-limits.ts';
import type { OnFailure } from './failure-policy.ts';
import type { Invocation } from './invocation.ts';
import type { LaneReport } from './lane-report.ts';
import type { Message } from './messages.ts';

/** What the addresses of a function type have in common. */
export interface FunctionPorts {
  readonly type: Pick<FunctionAddress, 'namespace' | 'type'>;
  readonly limits: BatchLimits;
  readonly onFailure: OnFailure;
  /** Waits for a slot. */
  readonly enqueue: (start: Start) => void;
  readonly invoke: (
    address: FunctionAddress,
    messages: readonly Message[],
    open: { readonly readValues: (id: string) => Promise<AddressValues>; readonly slot: Slot; readonly signal: AbortSignal },
  ) => Promise<Invocation>;
  /** What an answer asks of lanes and timers. */
  readonly toOperations: (sender: FunctionAddress, effects: Invocation['effects'], trace: string | undefined) => readonly Operation[];
  /** Whether a failure says nothing against the messages. */
  readonly isTransient: (error: unknown) => boolean;
  readonly tracing?: Tracing | undefined;
  readonly budget: WeightedBudget;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly report: (report: LaneReport) => void;
  /** Egress records that were committed. */
  readonly onEgress: (effects: readonly EgressEffect[]) => void;
}
